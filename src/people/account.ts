import { z } from 'zod'
import type { EventLog } from '../eventlog/log.ts'
import { feedRolesSchema } from '../protocol/feed-roles.ts'
import { Records } from './records.ts'

/** A person's account as it lies in Redis. */
const accountSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: feedRolesSchema,
  createdAt: z.string(),
  disabled: z.boolean().default(false),
  /** Sessions of an older epoch have ended. */
  epoch: z.int(),
  passwordHash: z.string().optional(),
  /** Signs in once, until then; in place of a password. */
  signInToken: z.object({ hash: z.string(), until: z.int() }).optional(),
  totp: z
    .object({
      secret: z.string(),
      /** The last time step whose code was taken: no code counts twice. */
      usedStep: z.int(),
      recoveryHashes: z.array(z.string()),
    })
    .optional(),
  /** Roles that wait for a second admin. */
  proposal: z.object({ roles: feedRolesSchema, by: z.string() }).optional(),
})
export type Account = z.output<typeof accountSchema>

export function accountsOf(log: EventLog): Records<Account> {
  return new Records(log, log.keys.desk.accounts, accountSchema)
}
