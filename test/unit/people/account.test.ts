import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { accountsOf } from '../../../src/people/account.ts'
import { makeFirstAdmin } from '../../../src/people/make-first-admin.ts'
import { changePassword } from '../../../src/people/own-account.ts'
import type { People } from '../../../src/people/people.ts'
import { openSession, peekSession } from '../../../src/people/sessions.ts'
import { readAudit } from '../../support/desk-audit.ts'
import { House } from '../../support/house.ts'
import { openTestStore } from '../../support/redis.ts'

const origin = { ip: '198.51.100.1', agent: 'test' }

let opened: Awaited<ReturnType<typeof openTestStore>>
let people: People
let house: House
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(() => {
  house = new House(opened)
  people = house.people
})

it('the audit names the service as the actor that created the first account', async () => {
  await makeFirstAdmin(people, 'ann@example.org')
  const [account] = await accountsOf(people.store).list()
  expect(await readAudit(people.store)).toMatchObject([
    {
      action: 'account-created',
      act: { by: 'flashline', person: 'flashline', name: 'flashline' },
      detail: { account: account?.record.id, email: 'ann@example.org' },
    },
  ])
})

it('a new password gives the account the next epoch', async () => {
  const owner = await house.person()
  const { token } = await openSession(people, owner, origin)
  const session = (await peekSession(people, token))!
  await changePassword(people, session, origin, {
    current: 'correct horse battery',
    password: 'another password',
  })
  expect((await accountsOf(people.store).read(owner.id))?.record.epoch).toBe(owner.epoch + 1)
})

it('an account of an earlier version of the service is enabled, and has not used single sign-on', async () => {
  const owner = await house.person()
  const { disabled: _, singleSignOn: _sso, ...stored } = owner
  await people.store.redis.hset(people.store.keys.desk.accounts, owner.id, JSON.stringify(stored))
  const read = await accountsOf(people.store).read(owner.id)
  expect(read?.record).toMatchObject({ disabled: false, singleSignOn: false })
})
