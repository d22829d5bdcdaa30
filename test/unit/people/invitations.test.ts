import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { accountOfEmail, type Account } from '../../../src/people/account.ts'
import {
  acceptByEmail,
  acceptInvitation,
  approveInvitation,
  invite,
  listInvitations,
  withdrawInvitation,
} from '../../../src/people/invitations.ts'
import { inviteAdmin } from '../../../src/people/invite-admin.ts'
import type { People } from '../../../src/people/people.ts'
import { readAudit } from '../../support/desk-audit.ts'
import { actorOf, House } from '../../support/house.ts'
import { openTestStore } from '../../support/redis.ts'

const LIFE_MS = 72 * 3_600_000
const ip = '192.0.2.9'
const email = 'new@example.org'
const roles = { en: 'editor' } as const
const own = { name: 'Newcomer', password: 'correct horse battery' }

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

async function invited(to = email) {
  const made = await invite(people, actorOf(ann), { email: to, roles })
  if (made === 'account-exists') throw new Error(made)
  return made
}

const accept = (token: string) => acceptInvitation(people, ip, { token, ...own })

describe('an invitation', () => {
  it('creates the account of its email with its roles, once', async () => {
    const { token, invitation } = await invited()
    expect(token).toMatch(/^inv_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/)
    expect(invitation).toMatchObject({ email, roles, by: ann.id })
    expect(invitation).not.toHaveProperty('tokenHash')
    const account = await accept(token)
    expect(account).toMatchObject({ email, roles, name: own.name, disabled: false, singleSignOn: false })
    const kept = (await accountOfEmail(people.store, email))?.record
    expect(kept).toEqual(account)
    expect(await people.passwords.isOf(own.password, kept?.passwordHash)).toBe(true)
    expect(await accept(token)).toBe('invalid-token')
    expect(await listInvitations(people)).toEqual([])
  })

  it('creates one account when it is accepted twice at the same time', async () => {
    const { token } = await invited()
    const outcomes = await Promise.all([accept(token), accept(token)])
    expect(outcomes.filter((outcome) => outcome === 'invalid-token')).toHaveLength(1)
  })

  it('is not valid with a changed token, or with the secret of another invitation', async () => {
    const [one, other] = [await invited(), await invited('other@example.org')]
    const [, id, secret = ''] = one.token.split('_')
    const [, , otherSecret = ''] = other.token.split('_')
    const changed = `${secret.startsWith('A') ? 'B' : 'A'}${secret.slice(1)}`
    for (const token of [
      `inv_${id}_${changed}`,
      `inv_${id}_${otherSecret}`,
      `inv_${'0'.repeat(16)}_${secret}`,
      '',
      `${one.token}x`,
    ])
      expect(await accept(token)).toBe('invalid-token')
    expect(typeof (await accept(one.token))).toBe('object')
  })

  it('is over after 72 hours, to the millisecond', async () => {
    const { token } = await invited()
    house.now += LIFE_MS - 1
    expect(await listInvitations(people)).toHaveLength(1)
    house.now += 1
    expect(await listInvitations(people)).toEqual([])
    expect(await accept(token)).toBe('invalid-token')
    expect(await acceptByEmail(people, ip, email, 'New')).toBe('invalid-token')
    house.now -= 1
    expect(typeof (await accept(token))).toBe('object')
  })

  it('can be withdrawn', async () => {
    const { token, invitation } = await invited()
    expect(await withdrawInvitation(people, actorOf(ann), invitation.id)).toBeUndefined()
    expect(await accept(token)).toBe('invalid-token')
    expect(await withdrawInvitation(people, actorOf(ann), invitation.id)).toBe('no-such-invitation')
    expect(await approveInvitation(people, actorOf(ann), invitation.id, 1)).toBe('no-such-invitation')
  })

  it('is refused for the email of an account, and creates no second account', async () => {
    const [first, second] = [await invited(), await invited()]
    expect(typeof (await accept(first.token))).toBe('object')
    expect(await accept(second.token)).toBe('account-exists')
    expect(await invite(people, actorOf(ann), { email, roles })).toBe('account-exists')
  })

  it('waits for a second admin under the two-person rule', async () => {
    house.twoPersonRule = true
    const { token, invitation } = await invited()
    expect(invitation.waitsFor).toBe('approval')
    expect(await accept(token)).toBe('waits-for-approval')
    expect(await acceptByEmail(people, ip, email, 'New')).toBe('invalid-token')
    expect(await approveInvitation(people, actorOf(ann), invitation.id, 1)).toBe('self-approval')
    expect(await accept(token)).toBe('waits-for-approval')
    expect(await approveInvitation(people, actorOf(bea), invitation.id, 2)).toBe('stale-version')
    const approved = await approveInvitation(people, actorOf(bea), invitation.id, 1)
    expect(approved).toMatchObject({ id: invitation.id })
    expect(approved).not.toHaveProperty('waitsFor')
    expect(approved).not.toHaveProperty('tokenHash')
    expect(await approveInvitation(people, actorOf(bea), invitation.id, 2)).toBe('nothing-to-approve')
    expect(typeof (await accept(token))).toBe('object')
  })

  it('with the role reader needs no approval', async () => {
    house.twoPersonRule = true
    const made = await invite(people, actorOf(ann), { email, roles: { en: 'reader' } })
    expect(made).not.toHaveProperty('invitation.waitsFor')
  })

  it('creates the account of a person with single sign-on, without a password', async () => {
    await invited('other@example.org')
    await invited()
    const account = await acceptByEmail(people, ip, email, 'New')
    expect(account).toMatchObject({ email, roles, singleSignOn: true, name: 'New' })
    expect(account).not.toHaveProperty('passwordHash')
    expect(await acceptByEmail(people, ip, email, 'New')).toBe('invalid-token')
    expect(await listInvitations(people)).toMatchObject([{ email: 'other@example.org' }])
  })

  it('of the operator makes an admin and waits for nobody, although the two-person rule is on', async () => {
    house.twoPersonRule = true
    const made = await inviteAdmin(people.store, email, 'root')
    if (typeof made === 'string') throw new Error(made)
    expect(made.invitation).toMatchObject({ email, roles: { '*': 'admin' }, by: 'operator' })
    expect(made.invitation).not.toHaveProperty('waitsFor')
    const [entry] = (await readAudit(people.store)).slice(-1)
    expect(entry).toMatchObject({ action: 'invited', act: { person: 'operator', name: 'root' } })
    house.now = Date.now()
    expect(await accept(made.token)).toMatchObject({ roles: { '*': 'admin' } })
    expect(await inviteAdmin(people.store, email, 'root')).toBe('account-exists')
  })

  it('is listed in the order of creation', async () => {
    const second = await invited()
    house.now -= 1_000
    const first = await invited('other@example.org')
    expect((await listInvitations(people)).map(({ id }) => id)).toEqual([
      first.invitation.id,
      second.invitation.id,
    ])
  })
})
