import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Account } from '../../../src/people/account.ts'
import { changeRoles, removeAccount, setDisabled } from '../../../src/people/administration.ts'
import {
  apiKeysOf,
  approveKey,
  bootstrapKey,
  issueKey,
  listKeys,
  principalOfKey,
  revokeKey,
  shownKey,
  type NewKey,
} from '../../../src/people/api-keys.ts'
import type { People } from '../../../src/people/people.ts'
import { actorOf, House } from '../../support/house.ts'
import { openTestStore } from '../../support/redis.ts'

const HOUR = 3_600_000

let opened: Awaited<ReturnType<typeof openTestStore>>
let house: House
let people: People
let owner: Account
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(async () => {
  house = new House(opened)
  people = house.people
  owner = await house.person({ en: 'editor' })
})

const wanted: NewKey = { name: 'Wire', kind: 'service', roles: { en: 'editor' } }
const issue = (extra: Partial<NewKey> = {}, by = owner) =>
  issueKey(people, actorOf(by), { ...wanted, ...extra })

describe('an API key', () => {
  it('acts for its owner with its roles, and is stored without its secret', async () => {
    const { key, record } = await issue()
    expect(key).toMatch(/^fl_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/)
    expect(await principalOfKey(people, key)).toMatchObject({
      credential: `key:${record.id}`,
      keyId: record.id,
      person: owner.id,
      name: 'Wire',
      secondFactor: true,
    })
    const changed = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`
    for (const wrong of [changed, `${key} `, key.slice(0, -1), '', 'bootstrap', key.toUpperCase()])
      expect(await principalOfKey(people, wrong)).toBeUndefined()
    const stored = await people.store.redis.hget(people.store.keys.desk.apiKeys, record.id)
    // The secret may have the sign that stands before it.
    expect(stored).not.toContain(key.slice(key.indexOf('_', 3) + 1))
    expect(shownKey(record)).not.toHaveProperty('secretHash')
  })

  it('is not valid with the secret of another key', async () => {
    const [one, other] = [await issue(), await issue()]
    const [, id] = one.key.split('_')
    const secret = other.key.slice(other.key.indexOf('_', 3) + 1)
    expect(await principalOfKey(people, `fl_${id}_${secret}`)).toBeUndefined()
  })

  it.each([
    ['its own role when the owner has a higher one', { en: 'reporter' }, 'reporter'],
    ["its owner's role, where it has more", { en: 'chief' }, 'editor'],
    ['no role in a feed in which its owner has none', { '*': 'admin', sport: 'admin' }, 'editor'],
    ['no role in a feed in which the key has none', { sport: 'editor' }, undefined],
  ] as const)('has %s', async (_what, roles, inEn) => {
    const who = await principalOfKey(people, (await issue({ roles })).key)
    expect(who?.roleIn('en')).toBe(inEn)
    expect(who?.roleIn('sport')).toBeUndefined()
    expect(who?.roleIn('*')).toBeUndefined()
  })

  it('follows a lower role of its owner at once, and is not valid while the owner is disabled', async () => {
    const admin = await house.admin()
    const { key } = await issue()
    await changeRoles(people, actorOf(admin), owner.id, { en: 'reader' })
    expect((await principalOfKey(people, key))?.roleIn('en')).toBe('reader')
    await setDisabled(people, actorOf(admin), owner.id, true)
    expect(await principalOfKey(people, key)).toBeUndefined()
    await setDisabled(people, actorOf(admin), owner.id, false)
    expect((await principalOfKey(people, key))?.roleIn('en')).toBe('reader')
    await removeAccount(people, actorOf(admin), owner.id)
    expect(await principalOfKey(people, key)).toBeUndefined()
  })

  it('expires at its time, to the millisecond', async () => {
    const { key } = await issue({ expiresAt: new Date(house.now + HOUR).toISOString() })
    house.now += HOUR - 1
    expect(await principalOfKey(people, key)).toBeDefined()
    house.now += 1
    expect(await principalOfKey(people, key)).toBeUndefined()
  })

  it('that waits for approval is not valid until a second admin has approved it', async () => {
    house.twoPersonRule = true
    const { key, record } = await issue()
    expect(record.waitsFor).toBe('approval')
    expect(await principalOfKey(people, key)).toBeUndefined()
    expect(await approveKey(people, actorOf(owner), record.id, 1)).toBe('self-approval')
    expect(await principalOfKey(people, key)).toBeUndefined()
    const admin = await house.admin()
    expect(await approveKey(people, actorOf(admin), record.id, 2)).toBe('stale-version')
    expect(await approveKey(people, actorOf(admin), record.id, 1)).toMatchObject({ id: record.id })
    expect(await principalOfKey(people, key)).toBeDefined()
    expect(await approveKey(people, actorOf(admin), record.id, 2)).toBe('nothing-to-approve')
    expect(await approveKey(people, actorOf(admin), 'no-such-id', 1)).toBe('no-such-key')
  })

  it('is not valid after it is revoked', async () => {
    const { key, record } = await issue()
    expect(await revokeKey(people, actorOf(owner), record.id)).toBeUndefined()
    expect(await principalOfKey(people, key)).toBeUndefined()
    expect(await revokeKey(people, actorOf(owner), record.id)).toBe('no-such-key')
  })

  it('is listed in the order of creation', async () => {
    const second = await issue()
    house.now -= 1_000
    const first = await issue()
    expect((await listKeys(people)).map(({ id }) => id)).toEqual([first.record.id, second.record.id])
  })
})

describe('the key of a new installation', () => {
  const key = 'a-key-that-somebody-has-thought-of-0123456789'

  it('has all rights, and is stored once and only when no other key exists', async () => {
    expect(await bootstrapKey(people, key)).toBe('written')
    expect(await bootstrapKey(people, key)).toBe('exists')
    expect(await bootstrapKey(people, `${key}-other`)).toBe('unused')
    const who = await principalOfKey(people, key)
    expect([who?.person, who?.roleIn('*'), who?.roleIn('en')]).toEqual(['bootstrap', 'admin', 'admin'])
    expect(await principalOfKey(people, `${key}-other`)).toBeUndefined()
  })

  it('is stored once by processes that start together', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => bootstrapKey(people, key)))
    expect(outcomes.sort()).toEqual(['exists', 'exists', 'written'])
  })

  it('with the format of an issued key is stored under its own id', async () => {
    const issued = `fl_${'0'.repeat(16)}_${'A'.repeat(43)}`
    await bootstrapKey(people, issued)
    expect((await apiKeysOf(people.store).read('0'.repeat(16)))?.record.owner).toBe('bootstrap')
    expect((await principalOfKey(people, issued))?.roleIn('*')).toBe('admin')
  })
})

describe('the last admin key', () => {
  const everything = { roles: { '*': 'admin' } } as const
  const boot = 'a-key-that-somebody-has-thought-of-0123456789'
  beforeEach(async () => {
    await bootstrapKey(people, boot)
  })
  const revoke = (id = 'bootstrap') => revokeKey(people, actorOf(owner), id)

  it('cannot be revoked while nobody could create another one', async () => {
    expect(await revoke()).toBe('last-admin-key')
    expect(await principalOfKey(people, boot)).toBeDefined()
  })

  it.each([
    ['an admin can sign in', () => house.admin(), undefined],
    ['an admin cannot sign in', () => house.person({ '*': 'admin' }, { disabled: true }), 'last-admin-key'],
  ] as const)('and %s', async (_what, make, outcome) => {
    await make()
    expect(await revoke()).toBe(outcome)
  })

  it.each([
    ['does not end', {}, undefined],
    ['ends', { expiresAt: '2030-01-01T00:00:00.000Z' }, 'last-admin-key'],
    ['is for one feed', { roles: { en: 'admin' } }, 'last-admin-key'],
    ['is no admin', { roles: { '*': 'chief' } }, 'last-admin-key'],
  ] as const)(
    'may go beside a key of a person who is an admin without a password that %s',
    async (_what, extra, outcome) => {
      // The owner cannot sign in, so only the key counts.
      const admin = await house.admin()
      const { passwordHash: _hash, ...without } = admin
      await people.store.redis.hset(people.store.keys.desk.accounts, admin.id, JSON.stringify(without))
      await issue({ ...everything, ...extra }, admin)
      expect(await revoke()).toBe(outcome)
    },
  )

  it('cannot be revoked when the other keys wait for approval or their owners are no longer admins', async () => {
    house.twoPersonRule = true
    const admin = await house.admin()
    const { passwordHash: _hash, ...without } = admin
    await people.store.redis.hset(people.store.keys.desk.accounts, admin.id, JSON.stringify(without))
    await issue(everything, admin)
    expect(await revoke()).toBe('last-admin-key')
    house.twoPersonRule = false
    await issue(everything, owner)
    expect(await revoke()).toBe('last-admin-key')
  })
})
