import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { accountsOf, type Account } from '../../../src/people/account.ts'
import {
  approveRoles,
  changeRoles,
  listAccounts,
  readAccount,
  removeAccount,
  setDisabled,
} from '../../../src/people/administration.ts'
import { acceptInvitation, invite } from '../../../src/people/invitations.ts'
import type { People } from '../../../src/people/people.ts'
import { readAudit } from '../../support/desk-audit.ts'
import { actorOf, House } from '../../support/house.ts'
import { openTestStore } from '../../support/redis.ts'

let opened: Awaited<ReturnType<typeof openTestStore>>
let house: House
let people: People
let ann: Account
let bea: Account
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(async () => {
  house = new House(opened)
  people = house.people
  ann = await house.admin()
  bea = await house.admin()
})

async function rolesOf({ id }: Account) {
  return (await accountsOf(people.store).read(id))?.record.roles
}

async function versionOf({ id }: Account) {
  return (await readAccount(people, id))?.version ?? 0
}

describe('higher roles for an account', () => {
  const raised = { en: 'chief' } as const
  beforeEach(() => {
    house.twoPersonRule = true
  })

  it('wait for a second admin, who is neither the proposer nor the owner of the account', async () => {
    const dan = await house.person({ en: 'editor' })
    expect(await changeRoles(people, actorOf(ann), dan.id, raised)).toMatchObject({
      roles: { en: 'editor' },
      proposal: { roles: raised, by: ann.id },
    })
    expect(await approveRoles(people, actorOf(dan), dan.id, await versionOf(dan))).toBe('self-approval')
    expect(await approveRoles(people, actorOf(ann), dan.id, await versionOf(dan))).toBe('self-approval')
    expect(await rolesOf(dan)).toEqual({ en: 'editor' })

    const approved = await approveRoles(people, actorOf(bea), dan.id, await versionOf(dan))
    expect(approved).toMatchObject({ id: dan.id, roles: raised })
    expect(approved).not.toHaveProperty('proposal')
    expect(await rolesOf(dan)).toEqual(raised)
    expect(await approveRoles(people, actorOf(bea), dan.id, await versionOf(dan))).toBe('nothing-to-approve')
  })

  it('are approved only in the version that the approver has read', async () => {
    const dan = await house.person({ en: 'editor' })
    await changeRoles(people, actorOf(ann), dan.id, raised)
    const read = await versionOf(dan)
    await changeRoles(people, actorOf(ann), dan.id, { '*': 'admin' })

    expect(await approveRoles(people, actorOf(bea), dan.id, read)).toBe('stale-version')
    expect(await rolesOf(dan)).toEqual({ en: 'editor' })
    expect(await approveRoles(people, actorOf(bea), dan.id, read + 1)).toMatchObject({
      roles: { '*': 'admin' },
    })
  })

  it('take effect at once without the two-person rule', async () => {
    house.twoPersonRule = false
    const dan = await house.person({ en: 'editor' })
    expect(await changeRoles(people, actorOf(ann), dan.id, raised)).toMatchObject({ roles: raised })
  })

  it('that are in fact lower take effect at once, and remove an older proposal', async () => {
    const dan = await house.person({ en: 'editor' })
    await changeRoles(people, actorOf(ann), dan.id, raised)
    const lowered = await changeRoles(people, actorOf(ann), dan.id, { en: 'reader' })
    expect(lowered).toMatchObject({ roles: { en: 'reader' } })
    expect(lowered).not.toHaveProperty('proposal')
    expect(await approveRoles(people, actorOf(bea), dan.id, await versionOf(dan))).toBe('nothing-to-approve')
  })
})

describe('an admin who can sign in', () => {
  const taken = [
    ['lowered', (by: Account, who: Account) => changeRoles(people, actorOf(by), who.id, { '*': 'chief' })],
    ['disabled', (by: Account, who: Account) => setDisabled(people, actorOf(by), who.id, true)],
    ['removed', (by: Account, who: Account) => removeAccount(people, actorOf(by), who.id)],
  ] as const

  it.each(taken)('must remain when an admin is %s', async (_how, take) => {
    expect(typeof (await take(ann, ann))).not.toBe('string')
    expect(await take(bea, bea)).toBe('last-admin')
    expect(await rolesOf(bea)).toEqual({ '*': 'admin' })
  })

  it.each(taken)('remains when two admins are %s by each other at the same time', async (_how, take) => {
    const outcomes = await Promise.all([take(ann, bea), take(bea, ann)])
    expect(outcomes.filter((outcome) => outcome === 'last-admin')).toHaveLength(1)
    const left = (await listAccounts(people)).filter(
      ({ roles, disabled }) => roles['*'] === 'admin' && !disabled,
    )
    expect(left).toHaveLength(1)
  })

  it.each([
    ['a disabled admin', { disabled: true }],
    ['an admin who has never signed in', { passwordHash: undefined }],
  ])('is not %s', async (_what, own) => {
    await removeAccount(people, actorOf(ann), bea.id)
    const { passwordHash: _, ...rest } = own as Partial<Account>
    const other = await house.person({ '*': 'admin' }, rest)
    if ('passwordHash' in own) {
      const { passwordHash: _hash, ...without } = other
      const { accounts } = people.store.keys.desk
      await people.store.redis.hset(accounts, other.id, JSON.stringify(without))
    }
    expect(await removeAccount(people, actorOf(ann), ann.id)).toBe('last-admin')
  })

  it('may use single sign-on', async () => {
    await removeAccount(people, actorOf(ann), bea.id)
    await house.person({ '*': 'admin' }, { singleSignOn: true })
    expect(await removeAccount(people, actorOf(ann), ann.id)).toBeUndefined()
  })

  it('is not required for role changes that keep the last admin an admin', async () => {
    await removeAccount(people, actorOf(ann), bea.id)
    expect(await changeRoles(people, actorOf(ann), ann.id, { '*': 'admin', en: 'editor' })).toMatchObject({
      roles: { '*': 'admin', en: 'editor' },
    })
  })
})

describe('an admin under the two-person rule', () => {
  let cal: Account
  beforeEach(async () => {
    house.twoPersonRule = true
    cal = await house.admin()
  })
  const lower = (by: Account, who: Account) => changeRoles(people, actorOf(by), who.id, { '*': 'chief' })

  it('is demoted by two others', async () => {
    const proposed = await lower(ann, cal)
    expect(proposed).toMatchObject({
      roles: { '*': 'admin' },
      proposal: { roles: { '*': 'chief' }, by: ann.id },
    })
    expect(await approveRoles(people, actorOf(ann), cal.id, await versionOf(cal))).toBe('self-approval')
    expect(await approveRoles(people, actorOf(cal), cal.id, await versionOf(cal))).toBe('self-approval')
    await approveRoles(people, actorOf(bea), cal.id, await versionOf(cal))
    expect(await rolesOf(cal)).toEqual({ '*': 'chief' })
  })

  it('is removed by two others', async () => {
    const proposed = await removeAccount(people, actorOf(ann), cal.id)
    expect(proposed).toMatchObject({ proposal: { removal: true, by: ann.id } })
    expect(await rolesOf(cal)).toEqual({ '*': 'admin' })
    const approved = await approveRoles(people, actorOf(bea), cal.id, await versionOf(cal))
    expect(approved).toBeUndefined()
    expect(await rolesOf(cal)).toBeUndefined()
  })

  it('is disabled by one other at once, and is then still demoted and removed by two', async () => {
    expect(await setDisabled(people, actorOf(ann), cal.id, true)).toMatchObject({ disabled: true })
    expect(await removeAccount(people, actorOf(ann), cal.id)).toMatchObject({ proposal: { removal: true } })
    expect(await lower(ann, cal)).toMatchObject({ roles: { '*': 'admin' }, proposal: { by: ann.id } })
  })

  it('is neither demoted nor removed when only one other would remain, but disabled', async () => {
    await setDisabled(people, actorOf(ann), cal.id, true)
    expect(await lower(ann, bea)).toBe('last-but-one-admin')
    expect(await removeAccount(people, actorOf(ann), bea.id)).toBe('last-but-one-admin')
    expect(await setDisabled(people, actorOf(ann), bea.id, true)).toMatchObject({ disabled: true })
  })

  it('remains beside another one although the approval comes after others have gone', async () => {
    await lower(ann, cal)
    await setDisabled(people, actorOf(ann), bea.id, true)
    const dan = await house.admin()
    await setDisabled(people, actorOf(ann), ann.id, true)
    const approved = await approveRoles(people, actorOf(dan), cal.id, await versionOf(cal))
    expect(approved).toBe('last-but-one-admin')
  })
})

describe('an account', () => {
  it('begins a new epoch when it is disabled and when it is enabled', async () => {
    const dan = await house.person()
    expect(await setDisabled(people, actorOf(ann), dan.id, true)).toMatchObject({ disabled: true, epoch: 2 })
    expect(await setDisabled(people, actorOf(ann), dan.id, false)).toMatchObject({
      disabled: false,
      epoch: 3,
    })
  })

  it('frees its email when it is removed, and no older invitation is valid then', async () => {
    const dan = await house.person({ en: 'editor' }, { email: 'dan@example.org' })
    const { email } = dan
    // Created before the person got the account by single sign-on.
    await people.store.redis.hdel(people.store.keys.desk.emails, email)
    const invited = await invite(people, actorOf(ann), { email, roles: { en: 'chief' } })
    if (invited === 'account-exists') throw new Error(invited)
    await people.store.redis.hset(people.store.keys.desk.emails, email, dan.id)

    expect(await removeAccount(people, actorOf(ann), dan.id)).toBeUndefined()
    const accepting = { token: invited.token, name: 'Dan', password: 'correct horse battery' }
    expect(await acceptInvitation(people, '192.0.2.1', accepting)).toBe('invalid-token')
    expect(await people.store.redis.hget(people.store.keys.desk.emails, email)).toBeNull()
    expect(await invite(people, actorOf(ann), { email, roles: {} })).not.toBe('account-exists')
  })

  it('that does not exist is answered with no-such-account', async () => {
    expect(await changeRoles(people, actorOf(ann), 'u_0', {})).toBe('no-such-account')
    expect(await approveRoles(people, actorOf(ann), 'u_0', 1)).toBe('no-such-account')
    expect(await setDisabled(people, actorOf(ann), 'u_0', true)).toBe('no-such-account')
    expect(await removeAccount(people, actorOf(ann), 'u_0')).toBe('no-such-account')
  })

  it('is listed in the order of creation', async () => {
    house.now -= 1_000
    const older = await house.person()
    house.now += 5_000
    const newer = await house.person()
    const ids = (await listAccounts(people)).map(({ id }) => id)
    expect([ids[0], ids.at(-1), ids.length]).toEqual([older.id, newer.id, 4])
  })
})

it('no act on an account writes a secret into the audit', async () => {
  const dan = await house.person(
    { en: 'editor' },
    { totp: { secret: 'ABCSECRET', usedStep: 0, recoveryHashes: ['h'] } },
  )
  await changeRoles(people, actorOf(ann), dan.id, { en: 'reader' })
  await setDisabled(people, actorOf(ann), dan.id, true)
  await removeAccount(people, actorOf(ann), dan.id)
  const audit = await readAudit(people.store)
  expect(audit.map(({ action }) => action).slice(-3)).toEqual([
    'roles-changed',
    'account-disabled',
    'account-removed',
  ])
  expect(JSON.stringify(audit)).not.toMatch(/argon2|ABCSECRET|passwordHash/)
})
