import { z } from 'zod'
import type { Write } from '../eventlog/store/compare-and-write.ts'
import type { Store } from '../eventlog/store/store.ts'
import { feedRolesSchema, lesserRole, roleIn, type FeedRoles } from '../protocol/feed-roles.ts'
import { accountsOf } from './account.ts'
import { isAdmin, otherAdmin } from './admins.ts'
import { change } from './change.ts'
import type { People } from './people.ts'
import { actBy, flashline, type Actor, type Principal } from './principal.ts'
import { Records } from './records.ts'
import { hashOf, isSecretOf } from './secrets.ts'

/** `fl_<id>_<secret>`, as the client sends it. */
const ISSUED = /^fl_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/
export const BOOTSTRAP = 'bootstrap'

/** An API key as it lies in Redis: its secret only as a hash. */
const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['person', 'service']),
  /** The account of its maker, or `bootstrap`. */
  owner: z.string(),
  roles: feedRolesSchema,
  secretHash: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().optional(),
  /** It opens nothing until a second admin has approved it. */
  waitsFor: z.literal('approval').optional(),
})
export type ApiKey = z.output<typeof apiKeySchema>

export function apiKeysOf(store: Store): Records<ApiKey> {
  return new Records(store, store.keys.desk.apiKeys, apiKeySchema)
}

export type NewKey = Pick<ApiKey, 'name' | 'kind' | 'roles' | 'expiresAt'>

/** Makes a key of the actor's; `key` is known only here and now. */
export async function issueKey(
  people: People,
  actor: Actor,
  { name, kind, roles, expiresAt }: NewKey,
): Promise<{ key: string; record: ApiKey }> {
  const id = people.ids.id()
  const key = `fl_${id}_${people.ids.secret()}`
  const waits = await people.twoPersonRuleIn(Object.keys(roles))
  const record: ApiKey = {
    id,
    name,
    kind,
    owner: actor.person,
    roles,
    secretHash: hashOf(key),
    createdAt: new Date(people.clock()).toISOString(),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(waits && { waitsFor: 'approval' }),
  }
  await change(people.store, () => ({
    writes: [apiKeysOf(people.store).add(record)],
    audit: { action: 'key-issued', act: actBy(actor), detail: shownKey(record) },
    result: undefined,
  }))
  return { key, record }
}

/** What may be told of a key. */
export function shownKey({ secretHash: _, ...shown }: ApiKey): Omit<ApiKey, 'secretHash'> {
  return shown
}

/** By creation, oldest first. */
export async function listKeys({ store }: People): Promise<ApiKey[]> {
  const all = (await apiKeysOf(store).list()).map(({ record }) => record)
  return all.sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

/** Lets a key in that waits; never by the one who made it. */
export function approveKey(people: People, actor: Actor, id: string) {
  const keys = apiKeysOf(people.store)
  return change(people.store, async () => {
    const seen = await keys.read(id)
    if (!seen) return 'no-such-key'
    const { waitsFor, ...record } = seen.record
    if (waitsFor === undefined) return 'nothing-to-approve'
    if (record.owner === actor.person) return 'self-approval'
    return {
      writes: [keys.replace(seen, record)],
      audit: { action: 'key-approved', act: actBy(actor), detail: { key: id } },
      result: record,
    }
  })
}

/** Nothing opens with it from now on. An admin must remain who can make another one. */
export function revokeKey(people: People, actor: Actor, id: string) {
  const keys = apiKeysOf(people.store)
  return change(people.store, async () => {
    const seen = await keys.read(id)
    if (!seen) return 'no-such-key'
    const guards = isAdminKey(seen.record) ? await anotherAdmin(people, id) : []
    if (!guards) return 'last-admin-key'
    return {
      writes: [keys.remove(seen), ...guards],
      audit: { action: 'key-revoked', act: actBy(actor), detail: { key: id, name: seen.record.name } },
      result: undefined,
    }
  })
}

/** Whose key this is; undefined for one that opens nothing. An unknown id takes as long as a wrong secret. */
export async function principalOfKey(people: People, key: string): Promise<Principal | undefined> {
  const { store, clock } = people
  const seen = await apiKeysOf(store).read(keyIdOf(key))
  if (!isSecretOf(key, seen?.record.secretHash) || !seen) return undefined
  const { id, name, owner, roles, waitsFor, expiresAt } = seen.record
  if (waitsFor !== undefined || (expiresAt !== undefined && Date.parse(expiresAt) <= clock()))
    return undefined
  const ownerRoles = await rolesOfOwner(store, owner)
  if (!ownerRoles) return undefined
  return {
    credential: `key:${id}`,
    person: owner,
    name,
    roleIn: (feed) => lesserRole(roleIn(roles, feed), roleIn(ownerRoles, feed)),
    secondFactor: true,
    keyId: id,
  }
}

/**
 * Makes the first admin key of a new installation; `key` is what the client will send, 32 to 512 printable
 * characters. `unused`: other keys exist, and this one is not among them.
 */
export async function bootstrapKey(people: People, key: string): Promise<'written' | 'exists' | 'unused'> {
  const keys = apiKeysOf(people.store)
  return change(people.store, async () => {
    const known = await keys.list()
    if (known.length > 0) {
      return known.some(({ record }) => record.secretHash === hashOf(key)) ? 'exists' : 'unused'
    }
    const record: ApiKey = {
      id: keyIdOf(key),
      name: BOOTSTRAP,
      kind: 'service',
      owner: BOOTSTRAP,
      roles: { '*': 'admin' },
      secretHash: hashOf(key),
      createdAt: new Date(people.clock()).toISOString(),
    }
    return {
      writes: [keys.add(record)],
      audit: { action: 'key-issued', act: actBy(flashline), detail: shownKey(record) },
      result: 'written',
    }
  })
}

function keyIdOf(key: string): string {
  return ISSUED.exec(key)?.[1] ?? BOOTSTRAP
}

/** Undefined where the owner may not come in any more. */
async function rolesOfOwner(store: Store, owner: string): Promise<FeedRoles | undefined> {
  if (owner === BOOTSTRAP) return { '*': 'admin' }
  const account = (await accountsOf(store).read(owner))?.record
  return account?.disabled === false ? account.roles : undefined
}

function isAdminKey({ roles, waitsFor, expiresAt }: ApiKey): boolean {
  return roles['*'] === 'admin' && waitsFor === undefined && expiresAt === undefined
}

/** Guards on another key that opens everything, or else on an admin's account; undefined where there is none. */
async function anotherAdmin(people: People, keyId: string): Promise<Write[] | undefined> {
  const keys = apiKeysOf(people.store)
  const accounts = accountsOf(people.store)
  for (const seen of await keys.list()) {
    const { id, owner } = seen.record
    if (id === keyId || !isAdminKey(seen.record)) continue
    if (owner === BOOTSTRAP) return [keys.guard(seen)]
    const account = await accounts.read(owner)
    if (account && isAdmin(account.record)) return [keys.guard(seen), accounts.guard(account)]
  }
  return otherAdmin(people.store)
}
