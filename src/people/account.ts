import { z } from 'zod'
import type { Write } from '../eventlog/compare-and-write.ts'
import type { EventLog } from '../eventlog/log.ts'
import { answered } from '../eventlog/scripts.ts'
import { feedRolesSchema } from '../protocol/feed-roles.ts'
import type { People } from './people.ts'
import type { Actor } from './principal.ts'
import { Records, type Seen } from './records.ts'

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
  /** Has come in by single sign-on. */
  singleSignOn: z.boolean().default(false),
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
  /** A second factor that is not confirmed yet. */
  totpOffer: z.object({ secret: z.string(), until: z.int() }).optional(),
  /** Roles that wait for a second admin. */
  proposal: z.object({ roles: feedRolesSchema, by: z.string() }).optional(),
})
export type Account = z.output<typeof accountSchema>

export function accountsOf(log: EventLog): Records<Account> {
  return new Records(log, log.keys.desk.accounts, accountSchema)
}

/** `email` as the schemas give it: lower case. Takes as long where nobody has it. */
export async function accountOfEmail(log: EventLog, email: string): Promise<Seen<Account> | undefined> {
  const id = await answered(log.redis.hget(log.keys.desk.emails, email))
  return accountsOf(log).read(id ?? 'nobody')
}

/** The account and its place among the emails. */
export function addAccount(log: EventLog, account: Account): Write[] {
  return [
    accountsOf(log).add(account),
    { key: log.keys.desk.emails, field: account.email, seen: null, value: account.id },
  ]
}

export function newAccount(
  { ids, clock }: People,
  { email, name, roles }: Pick<Account, 'email' | 'name' | 'roles'>,
): Account {
  const createdAt = new Date(clock()).toISOString()
  return {
    id: `u_${ids.id()}`,
    email,
    name,
    roles,
    createdAt,
    disabled: false,
    epoch: 1,
    singleSignOn: false,
  }
}

/** An account as somebody who acts. */
export function actorAt({ id, name }: Account, ip: string): Actor {
  return { credential: `user:${id}`, person: id, name, ip }
}
