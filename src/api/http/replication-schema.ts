import { z } from 'zod'
import { replications } from '../../protocol/lists/replications.ts'

export const replicationSchema = z
  .enum(replications)
  .describe(
    'Where a copy is: `none`, `asynchronous` (on its way to a replica; a failover can lose it), `confirmed` (not used yet)',
  )
