import { createHash } from 'node:crypto'
import { Problem } from '../../platform/problem.ts'
import { editionIdSchema } from '../../protocol/edition-requests.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import type { Call } from '../http/route.ts'

/**
 * The id of a new edition. It follows from the caller's Idempotency-Key, so a repeated wish reaches the same edition, and no
 * feed can get a second part by it.
 */
export function newEditionId({ ids }: ApiDeps, { headers, who }: Call<unknown>): string {
  const key = headers['idempotency-key']
  if (key === undefined) return ids.headlineId()
  const hash = createHash('sha256').update(`edition ${who.credential} ${String(key)}`)
  return hash.digest().subarray(0, 16).toString('base64url')
}

/** Errors: Problem. */
export function editionIdOf({ params }: Call<unknown>): string {
  const read = editionIdSchema.safeParse(params.id)
  if (!read.success) throw new Problem('no-such-edition')
  return read.data
}
