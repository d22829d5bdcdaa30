import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { startApi, type TestApi } from '../support/api-server.ts'
import { Browser, newcomer, password } from '../support/browser.ts'
import { readAudit } from '../support/desk-audit.ts'
import { nobodyAlone } from '../support/newsroom.ts'
import { createTestFeed, openPolicy } from '../support/redis.ts'

const HOUR = 3_600_000
const easy = { ...openPolicy, flashNeedsSecondFactor: false }
const next = 'another horse and battery'

let api: TestApi
let admin: Browser
let second: Browser
beforeAll(async () => {
  api = await startApi()
  await createTestFeed(api.store, { id: 'easy' }, easy)
  ;[admin, second] = [await newcomer(api, 'a@example.org', { '*': 'admin' }), await adminOf('b@example.org')]
  // Beside the feed `en` an admin needs the second factor; it is there from now on.
  for (const each of [admin, second]) await each.addSecondFactor()
})
afterEach(() => {
  api.clock.now = () => Date.now()
})
afterAll(() => api.close())

const adminOf = (email: string) => newcomer(api, email, { '*': 'admin' })
const recoveryOf = (id: string) => `/v1/accounts/${id}/recovery`
const redeem = (...tokens: string[]) =>
  new Browser(api).post('/v1/account/recovery', { tokens, password: next })

/** A person who has lost a second factor. */
async function forgetful(email: string, roles: Record<string, string> = { easy: 'editor' }) {
  const browser = await newcomer(api, email, roles)
  await browser.addSecondFactor()
  return { browser, id: (await browser.get('/v1/session')).body.person }
}

describe('a recovery', () => {
  it('takes a new password once, removes the second factor, and ends the sessions', async () => {
    const { id, browser } = await forgetful('cem@example.org')
    const { status, body } = await admin.post(recoveryOf(id))
    expect([status, body]).toMatchObject([201, { id, recovery: { by: expect.any(String) } }])
    expect((await browser.get('/v1/session')).status).toBe(200)

    const weak = await new Browser(api).post('/v1/account/recovery', {
      tokens: [body.token],
      password: 'password1234',
    })
    expect(weak.status).toBe(422)
    expect((await redeem(body.token)).status).toBe(200)
    expect((await browser.get('/v1/session')).status).toBe(401)
    expect((await new Browser(api).signIn('cem@example.org', password)).status).toBe(401)
    expect((await new Browser(api).signIn('cem@example.org', next)).status).toBe(200)
    expect((await redeem(body.token)).body.code).toBe('invalid-token')
    const acts = (await readAudit(api.store)).map(({ action }) => action)
    expect(acts).toEqual(expect.arrayContaining(['recovery-started', 'account-recovered']))
  })

  it('is nothing for the own account, for others than admins, and over after 24 h', async () => {
    const { id, browser } = await forgetful('dia@example.org')
    const own = (await admin.get('/v1/session')).body.person
    expect((await admin.post(recoveryOf(own))).body.code).toBe('self-approval')
    expect((await browser.post(recoveryOf(own))).status).toBe(403)

    const { token } = (await admin.post(recoveryOf(id))).body
    const now = Date.now()
    api.clock.now = () => now + 24 * HOUR
    expect((await redeem(token)).body.code).toBe('invalid-token')
  })

  it('ends with a cancellation, with a newer one, and with a new password of the person', async () => {
    const { id, browser } = await forgetful('eva@example.org')
    const first = (await admin.post(recoveryOf(id))).body.token
    const other = (await admin.post(recoveryOf(id))).body.token
    expect((await redeem(first)).body.code).toBe('invalid-token')
    expect((await admin.delete(recoveryOf(id))).status).toBe(204)
    expect((await redeem(other)).body.code).toBe('invalid-token')

    const { token } = (await admin.post(recoveryOf(id))).body
    const changed = await browser.post('/v1/account/password', { current: password, password: next })
    expect(changed.status).toBe(200)
    expect((await redeem(token)).body.code).toBe('invalid-token')
  })
})

describe('a recovery under the two-person rule', () => {
  beforeAll(async () => {
    await createTestFeed(api.store, { id: 'two' }, { ...easy, alone: { ...nobodyAlone } })
  })

  it('takes a token of each of two admins: neither can take the account over alone', async () => {
    const { id } = await strictPerson('fay@example.org')
    const started = (await admin.post(recoveryOf(id))).body
    expect(started).toMatchObject({ recovery: { waitsFor: 'approval' } })
    expect((await redeem(started.token)).body.code).toBe('waits-for-approval')
    const approval = `${recoveryOf(id)}/approve`
    expect((await admin.approve(approval, started.version)).body.code).toBe('self-approval')
    expect((await second.approve(approval, started.version - 1)).body.code).toBe('stale-version')
    const approved = await second.approve(approval, started.version)
    expect(approved.status).toBe(200)

    expect((await redeem(started.token)).body.code).toBe('invalid-token')
    expect((await redeem(approved.body.token)).body.code).toBe('invalid-token')
    expect((await redeem(started.token, started.token)).body.code).toBe('invalid-token')
    expect((await redeem(approved.body.token, started.token)).status).toBe(200)
  })

  it('that one admin began before the person got a role in such a feed opens nothing', async () => {
    const { id } = await forgetful('ira@example.org')
    const { token } = (await admin.post(recoveryOf(id))).body
    const { version } = (await admin.post(`/v1/accounts/${id}/roles`, { roles: { two: 'editor' } })).body
    expect((await second.approve(`/v1/accounts/${id}/approve`, version)).status).toBe(200)
    expect((await redeem(token)).body.code).toBe('invalid-token')
  })

  it('that one admin began before the rule was on opens nothing', async () => {
    await createTestFeed(api.store, { id: 'late' }, easy)
    const { id } = await forgetful('ida@example.org', { late: 'editor' })
    const { token } = (await admin.post(recoveryOf(id))).body
    const policy = { ...easy, alone: { ...nobodyAlone } }
    const stricter = { method: 'PUT', body: policy, headers: { 'if-match': '"1"' } }
    expect((await admin.send('/v1/feeds/late/policy', stricter)).status).toBe(200)
    expect((await redeem(token)).body.code).toBe('invalid-token')
  })

  it('that was used since the second admin has read the proposed roles makes their approval stale', async () => {
    const { id } = await forgetful('joe@example.org')
    const { token } = (await admin.post(recoveryOf(id))).body
    const { version } = (await admin.post(`/v1/accounts/${id}/roles`, { roles: { two: 'editor' } })).body
    expect((await redeem(token)).status).toBe(200)

    const approved = await second.approve(`/v1/accounts/${id}/approve`, version)
    expect([approved.status, approved.body.code]).toEqual([412, 'stale-version'])
  })

  it('is in the list of approvals, and not after its approval', async () => {
    const { id } = await strictPerson('gus@example.org')
    const { version } = (await admin.post(recoveryOf(id))).body
    const waiting = async (who: Browser) =>
      (await who.get('/v1/approvals')).body as unknown as { approvals: { id: string; mayApprove: boolean }[] }
    const mine = async (who: Browser) => (await waiting(who)).approvals.find((each) => each.id === id)
    expect([(await mine(admin))?.mayApprove, (await mine(second))?.mayApprove]).toEqual([false, true])
    await second.approve(`${recoveryOf(id)}/approve`, version)
    expect(await mine(second)).toBeUndefined()
  })

  /** An invitation into the feed waits for a second admin, too. */
  async function strictPerson(email: string): Promise<{ id: string }> {
    const { id, token, version } = (await admin.post('/v1/invitations', { email, roles: { two: 'editor' } }))
      .body
    await second.approve(`/v1/invitations/${id}/approve`, version)
    const browser = new Browser(api)
    await browser.post('/v1/invitations/accept', { token, name: email, password })
    return { id: (await browser.get('/v1/session')).body.person }
  }
})
