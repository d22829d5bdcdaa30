import { z } from 'zod'
import type { Write } from '../eventlog/store/compare-and-write.ts'
import type { Store } from '../eventlog/store/store.ts'
import { answered } from '../eventlog/store/scripts.ts'
import { feedRolesSchema } from '../protocol/feed-roles.ts'
import type { People } from './people.ts'
import type { Actor } from './principal.ts'
import { Records, type StoredRecord } from './records.ts'

/** A person's account as it is stored in Redis. */
const accountSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: feedRolesSchema,
  createdAt: z.string(),
  disabled: z.boolean().default(false),
  /** Increased to end all sessions: a session is valid only with the current epoch. */
  epoch: z.int(),
  passwordHash: z.string().optional(),
  /** The person has signed in by single sign-on. */
  singleSignOn: z.boolean().default(false),
  /** Signs the person in once without a password, until the time `until`. */
  signInToken: z.object({ hash: z.string(), until: z.int() }).optional(),
  totp: z
    .object({
      secret: z.string(),
      /** The time step of the last accepted code, so that no code is accepted twice. */
      usedStep: z.int(),
      recoveryHashes: z.array(z.string()),
    })
    .optional(),
  /** A second factor that is not confirmed yet. */
  totpOffer: z.object({ secret: z.string(), until: z.int() }).optional(),
  /** A recovery by other admins that has not been used. The person needs all its tokens. */
  recovery: z
    .object({
      tokens: z.array(z.object({ by: z.string(), hash: z.string() })),
      until: z.int(),
      /** The account's epoch at the start. The recovery is valid only while it is equal to the account's epoch. */
      epoch: z.int(),
      waitsFor: z.literal('approval').optional(),
    })
    .optional(),
  /** Counts the changes of the roles, proposals and recoveries. An approval names the version that its approver has read. */
  version: z.int().default(0),
  /** Roles, or the removal, that wait for a second admin. */
  proposal: z
    .object({
      roles: feedRolesSchema,
      by: z.string(),
      /** The removal of the account; then `roles` is empty. */
      removal: z.literal(true).optional(),
    })
    .optional(),
})
export type Account = z.output<typeof accountSchema>

export function accountsOf(store: Store): Records<Account> {
  return new Records(store, store.keys.desk.accounts, accountSchema)
}

/** `email` must be in lower case, as the schemas return it. An unknown email takes as long as a known one. */
export async function accountOfEmail(
  store: Store,
  email: string,
): Promise<StoredRecord<Account> | undefined> {
  const id = await answered(store.redis.hget(store.keys.desk.emails, email))
  return accountsOf(store).read(id ?? 'nobody')
}

/** The writes that add the account and its email. */
export function addAccount(store: Store, account: Account): Write[] {
  return [
    accountsOf(store).add(account),
    { key: store.keys.desk.emails, field: account.email, expected: null, value: account.id },
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
    version: 1,
    singleSignOn: false,
  }
}

/** The actor for acts of this account. */
export function actorAt({ id, name }: Account, ip: string): Actor {
  return { credential: `user:${id}`, person: id, name, ip }
}
