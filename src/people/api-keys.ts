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

/** An API key as it is stored in Redis, with a hash in place of its secret. */
const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['person', 'service']),
  /** Id of the account that created the key, or `bootstrap`. */
  owner: z.string(),
  roles: feedRolesSchema,
  secretHash: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().optional(),
  /** 1 until the approval, which names it. */
  version: z.int().default(1),
  /** Present until a second admin approves the key; until then it is not valid. */
  waitsFor: z.literal('approval').optional(),
})
export type ApiKey = z.output<typeof apiKeySchema>

export function apiKeysOf(store: Store): Records<ApiKey> {
  return new Records(store, store.keys.desk.apiKeys, apiKeySchema)
}

export type NewKey = Pick<ApiKey, 'name' | 'kind' | 'roles' | 'expiresAt'>

/** Creates a key that the actor owns. `key` is returned only here and not stored. */
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
    version: 1,
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

/** The key without the hash of its secret. */
export function shownKey({ secretHash: _, ...shown }: ApiKey): Omit<ApiKey, 'secretHash'> {
  return shown
}

export async function readKey({ store }: People, id: string): Promise<ApiKey | undefined> {
  return (await apiKeysOf(store).read(id))?.record
}

/** All keys, oldest first. */
export async function listKeys({ store }: People): Promise<ApiKey[]> {
  const keys = (await apiKeysOf(store).list()).map(({ record }) => record)
  return keys.sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

/** Approves a waiting key of the version that the approver has read. Its owner may not approve it. */
export function approveKey(people: People, actor: Actor, id: string, seenVersion: number) {
  const keys = apiKeysOf(people.store)
  return change(people.store, async () => {
    const stored = await keys.read(id)
    if (!stored) return 'no-such-key'
    const { waitsFor, ...waiting } = stored.record
    if (waiting.version !== seenVersion) return 'stale-version'
    if (waitsFor === undefined) return 'nothing-to-approve'
    if (waiting.owner === actor.person) return 'self-approval'
    const record = { ...waiting, version: waiting.version + 1 }
    return {
      writes: [keys.replace(stored, record)],
      audit: { action: 'key-approved', act: actBy(actor), detail: { key: id } },
      result: record,
    }
  })
}

/**
 * Deletes a key, which is invalid from now on. Refused when nobody would remain who can create an admin key. `notes` are
 * written in the same step.
 */
export function revokeKey(people: People, actor: Actor, id: string, notes: readonly Write[] = []) {
  const keys = apiKeysOf(people.store)
  return change(people.store, async () => {
    const stored = await keys.read(id)
    if (!stored) return 'no-such-key'
    const guards = isAdminKey(stored.record) ? await anotherAdmin(people, id) : []
    if (!guards) return 'last-admin-key'
    return {
      writes: [keys.remove(stored), ...notes, ...guards],
      audit: { action: 'key-revoked', act: actBy(actor), detail: { key: id, name: stored.record.name } },
      result: undefined,
    }
  })
}

/** The principal of a valid key; undefined for any other. An unknown id takes as long as a wrong secret. */
export async function principalOfKey(people: People, key: string): Promise<Principal | undefined> {
  const { store, clock } = people
  const stored = await apiKeysOf(store).read(keyIdOf(key))
  if (!isSecretOf(key, stored?.record.secretHash) || !stored) return undefined
  const { id, name, owner, roles, waitsFor, expiresAt } = stored.record
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

/** The key that this text opens once it is approved; undefined for any other text. */
export async function waitingKey({ store }: People, key: string): Promise<ApiKey | undefined> {
  const record = (await apiKeysOf(store).read(keyIdOf(key)))?.record
  return isSecretOf(key, record?.secretHash) && record?.waitsFor !== undefined ? record : undefined
}

/**
 * Creates the first admin key of a new installation from the text that the client will send, 32 to 512 printable
 * characters. `exists`: the key is stored already. `unused`: only other keys are stored, so `key` is not valid.
 */
export async function bootstrapKey(people: People, key: string): Promise<'written' | 'exists' | 'unused'> {
  const keys = apiKeysOf(people.store)
  return change(people.store, async () => {
    if (!(await keys.isEmpty())) {
      const storedKeys = await keys.list()
      return storedKeys.some(({ record }) => record.secretHash === hashOf(key)) ? 'exists' : 'unused'
    }
    const record: ApiKey = {
      id: keyIdOf(key),
      name: BOOTSTRAP,
      kind: 'service',
      owner: BOOTSTRAP,
      roles: { '*': 'admin' },
      secretHash: hashOf(key),
      createdAt: new Date(people.clock()).toISOString(),
      version: 1,
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

/** Undefined when the owner's account is removed or disabled. */
export async function rolesOfOwner(store: Store, owner: string): Promise<FeedRoles | undefined> {
  if (owner === BOOTSTRAP) return { '*': 'admin' }
  const account = (await accountsOf(store).read(owner))?.record
  return account?.disabled === false ? account.roles : undefined
}

function isAdminKey({ roles, waitsFor, expiresAt }: ApiKey): boolean {
  return roles['*'] === 'admin' && waitsFor === undefined && expiresAt === undefined
}

/** Guards on another admin key and its owner, or else on an admin's account; undefined when there is neither. */
async function anotherAdmin(people: People, keyId: string): Promise<Write[] | undefined> {
  const keys = apiKeysOf(people.store)
  const accounts = accountsOf(people.store)
  for (const stored of await keys.list()) {
    const { id, owner } = stored.record
    if (id === keyId || !isAdminKey(stored.record)) continue
    if (owner === BOOTSTRAP) return [keys.guard(stored)]
    const account = await accounts.read(owner)
    if (account && isAdmin(account.record)) return [keys.guard(stored), accounts.guard(account)]
  }
  return otherAdmin(people.store)
}
