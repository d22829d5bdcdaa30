import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { readPolicy, writePolicy } from '../../src/eventlog/feeds/policy.ts'
import { makeFirstAdmin } from '../../src/people/make-first-admin.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { Browser, newcomer, password } from '../support/browser.ts'
import { readAudit } from '../support/desk-audit.ts'
import { createTestFeed } from '../support/redis.ts'

const HOUR = 3_600_000

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterEach(() => {
  api.clock.now = () => Date.now()
})
afterAll(() => api.close())

const asAdmin = (path: string, body?: unknown) => api.post(path, body, {}, api.keys.admin)
const invite = async (email: string, roles: object = { en: 'reporter' }) =>
  (await asAdmin('/v1/invitations', { email, roles })).body
const accept = (token: string, name = 'Somebody') =>
  new Browser(api).post('/v1/invitations/accept', { token, name, password })
const personOf = async (browser: Browser) => (await browser.get('/v1/session')).body.person

describe('an invitation', () => {
  it('creates the account with its roles, once', async () => {
    const { token } = await invite('Ada@Example.org')

    expect((await accept(token)).body).toMatchObject({ email: 'ada@example.org', roles: { en: 'reporter' } })
    expect((await accept(token)).body.code).toBe('invalid-token')
    expect((await new Browser(api).signIn('ada@example.org', password)).status).toBe(200)
  })

  it('creates one account when it is accepted twice at the same time', async () => {
    const { token } = await invite('bob@example.org')
    const replies = await Promise.all([accept(token), accept(token), accept(token)])

    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401, 401])
  })

  it('lasts 72 hours', async () => {
    const { token, id } = await invite('cat@example.org')
    const now = Date.now()
    api.clock.now = () => now + 72 * HOUR

    expect((await accept(token)).body.code).toBe('invalid-token')
    const { invitations } = (await api.request('/v1/invitations', { key: api.keys.admin })).body
    expect(invitations.map((each) => each.id)).not.toContain(id)
  })

  it('is listed without its token, and can be withdrawn', async () => {
    const { token, id } = await invite('dan@example.org')
    const { invitations } = (await api.request('/v1/invitations', { key: api.keys.admin })).body
    expect(invitations).toContainEqual(expect.objectContaining({ id, email: 'dan@example.org' }))
    expect(JSON.stringify(invitations)).not.toContain(token.slice(-43))

    const gone = { method: 'DELETE', key: api.keys.admin }
    expect((await api.request(`/v1/invitations/${id}`, gone)).status).toBe(204)
    expect((await accept(token)).body.code).toBe('invalid-token')
    expect((await api.request(`/v1/invitations/${id}`, gone)).body.code).toBe('no-such-invitation')
  })

  it('is refused for the email of an account', async () => {
    const [first, second] = [await invite('eve@example.org'), await invite('eve@example.org')]
    await accept(first.token)

    expect((await accept(second.token)).body.code).toBe('account-exists')
    expect((await invite('EVE@example.org')).code).toBe('account-exists')
  })

  it('requires a password of at least twelve characters', async () => {
    const { token } = await invite('fay.the.first@example.org')
    const body = { token, name: 'Fay' }

    for (const weak of ['x'.repeat(11), ' '.repeat(12), 'password1234', 'fay.the.first@example.org']) {
      const reply = await new Browser(api).post('/v1/invitations/accept', { ...body, password: weak })
      expect([reply.status, reply.body]).toMatchObject([
        422,
        { code: 'invalid-body', errors: [{ field: '/password', message: expect.any(String) }] },
      ])
    }
  })

  it('is created by admins only', async () => {
    const body = { email: 'x@example.org', roles: { '*': 'admin' } }

    expect((await api.post('/v1/invitations', body)).body.code).toBe('forbidden')
    const chief = await newcomer(api, 'gil@example.org', { '*': 'chief' })
    expect((await chief.post('/v1/invitations', body)).body.code).toBe('forbidden')
    const admin = await newcomer(api, 'hal@example.org', { en: 'admin' })
    expect((await admin.post('/v1/invitations', body)).body.code).toBe('forbidden')
  })
})

describe('an account', () => {
  it('has changed roles at once, in open sessions too', async () => {
    const browser = await newcomer(api, 'ida@example.org', { en: 'reader' })
    const id = await personOf(browser)
    const post = () => browser.post('/v1/feeds/en/headlines', { text: 'Ferry late' })
    expect((await post()).status).toBe(403)

    await asAdmin(`/v1/accounts/${id}/roles`, { roles: { en: 'editor' } })
    expect((await post()).status).toBe(201)
    await asAdmin(`/v1/accounts/${id}/roles`, { roles: {} })
    expect((await post()).status).toBe(403)
  })

  it('gives no access while it is disabled, by session or key; old sessions stay ended', async () => {
    await newcomer(api, 'joe@example.org', { '*': 'admin' })
    const browser = await newcomer(api, 'jan@example.org', { '*': 'admin' })
    const id = await personOf(browser)
    const { key } = (await browser.post('/v1/keys', { name: 'Jan', role: 'reader' })).body
    const listed = async () => (await api.request('/v1/keys', { key })).status
    expect(await listed()).toBe(403)

    expect((await asAdmin(`/v1/accounts/${id}/disable`)).status).toBe(200)
    expect(await listed()).toBe(401)
    expect((await browser.get('/v1/session')).status).toBe(401)
    await asAdmin(`/v1/accounts/${id}/enable`)
    expect((await browser.get('/v1/session')).status).toBe(401)
    expect((await browser.signIn('jan@example.org', password)).status).toBe(200)
    expect(await listed()).toBe(403)
  })

  it('does not exist after its removal, and its email can be used again', async () => {
    const browser = await newcomer(api, 'kim@example.org')
    const id = await personOf(browser)
    const remove = () => api.request(`/v1/accounts/${id}`, { method: 'DELETE', key: api.keys.admin })

    expect((await remove()).status).toBe(204)
    expect((await browser.get('/v1/session')).status).toBe(401)
    expect((await remove()).body.code).toBe('no-such-account')
    await newcomer(api, 'kim@example.org')
  })

  it('cannot be created again by an older invitation after its removal', async () => {
    const [first, second] = [await invite('lea@example.org'), await invite('lea@example.org')]
    const browser = new Browser(api)
    await browser.post('/v1/invitations/accept', { token: first.token, name: 'Lea', password })
    const path = `/v1/accounts/${await personOf(browser)}`
    expect((await api.request(path, { method: 'DELETE', key: api.keys.admin })).status).toBe(204)

    expect((await accept(second.token)).body.code).toBe('invalid-token')
    const third = await invite('lea@example.org')
    expect((await accept(third.token)).status).toBe(200)
  })

  it('is listed without secrets', async () => {
    const { accounts } = (await api.request('/v1/accounts', { key: api.keys.admin })).body

    expect(accounts.find(({ email }) => email === 'ada@example.org')).toEqual({
      id: expect.stringMatching(/^u_[0-9a-f]{16}$/),
      email: 'ada@example.org',
      name: 'Somebody',
      roles: { en: 'reporter' },
      createdAt: expect.any(String),
      disabled: false,
      secondFactor: false,
      version: 1,
    })
  })
})

describe('the last admin', () => {
  it('cannot be demoted, disabled or removed', async () => {
    const house = await startApi()
    const token = await makeFirstAdmin(house.people, 'admin@localhost')
    const first = new Browser(house)
    await first.post('/v1/session', { token })
    await first.post('/v1/account/password', { password })
    const id = await personOf(first)

    const demoted = await first.post(`/v1/accounts/${id}/roles`, { roles: { '*': 'chief' } })
    expect([demoted.status, demoted.body.code]).toEqual([409, 'last-admin'])
    expect((await first.post(`/v1/accounts/${id}/disable`)).body.code).toBe('last-admin')
    expect((await first.delete(`/v1/accounts/${id}`)).body.code).toBe('last-admin')
    await newcomer(house, 'second@example.org', { '*': 'admin' })
    expect((await first.post(`/v1/accounts/${id}/roles`, { roles: { '*': 'chief' } })).status).toBe(200)
    await house.close()
  })

  it('remains even when two admins remove each other at the same time', async () => {
    const house = await startApi()
    const one = await newcomer(house, 'one@example.org', { '*': 'admin' })
    const two = await newcomer(house, 'two@example.org', { '*': 'admin' })
    const [idOne, idTwo] = [await personOf(one), await personOf(two)]

    const replies = await Promise.all([
      one.delete(`/v1/accounts/${idTwo}`),
      two.delete(`/v1/accounts/${idOne}`),
    ])
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1)
    const { accounts } = (await house.request('/v1/accounts', { key: house.keys.admin })).body
    expect(accounts).toHaveLength(1)
    await house.close()
  })
})

describe('with the two-person rule', () => {
  let house: TestApi
  let one: Browser
  let two: Browser
  const act = { by: 'tests', person: 'tests', name: 'tests' }
  /** Sets in the feed `en` whether a bulletin needs a second person. */
  const rule = async (bulletin: 'nobody' | 'editor') => {
    const { version, policy } = await readPolicy(house.store, 'en')
    const next = { ...policy, alone: { ...policy.alone, bulletin }, flashNeedsSecondFactor: false }
    expect(
      await writePolicy(house.store, 'en', version, { policy: next }, { action: 'policy', act }),
    ).not.toBe('changed')
  }
  beforeAll(async () => {
    house = await startApi()
    one = await newcomer(house, 'one@example.org', { '*': 'admin' })
    two = await newcomer(house, 'two@example.org', { '*': 'admin' })
    await rule('nobody')
  })
  afterAll(() => house.close())

  it('an invitation waits for a second admin', async () => {
    const made = await one.post('/v1/invitations', { email: 'new@example.org', roles: { en: 'reporter' } })
    const { token, id } = made.body
    expect(made.body).toMatchObject({ waitsFor: 'approval' })
    const accepting = () =>
      new Browser(house).post('/v1/invitations/accept', { token, name: 'New', password })

    expect((await accepting()).body.code).toBe('waits-for-approval')
    expect((await one.approve(`/v1/invitations/${id}/approve`, 1)).body.code).toBe('self-approval')
    expect((await two.approve(`/v1/invitations/${id}/approve`, 1)).status).toBe(200)
    expect((await two.approve(`/v1/invitations/${id}/approve`, 2)).body.code).toBe('nothing-to-approve')
    expect((await accepting()).status).toBe(200)
  })

  it('higher roles wait for a second admin, who is not the owner of the account; lower roles do not wait', async () => {
    const id = await personOf(two)
    expect(
      (await one.post(`/v1/accounts/${id}/roles`, { roles: { '*': 'admin', en: 'reader' } })).status,
    ).toBe(200)
    const invited = (await one.post('/v1/invitations', { email: 'ann@example.org', roles: { en: 'reader' } }))
      .body
    const ann = new Browser(house)
    await ann.post('/v1/invitations/accept', { token: invited.token, name: 'Ann', password })
    const annId = await personOf(ann)

    const proposed = await one.post(`/v1/accounts/${annId}/roles`, { roles: { en: 'editor' } })
    expect([proposed.status, proposed.body]).toMatchObject([202, { roles: { en: 'reader' } }])
    expect((await one.approve(`/v1/accounts/${annId}/approve`, proposed.body.version)).body.code).toBe(
      'self-approval',
    )
    const approved = await two.approve(`/v1/accounts/${annId}/approve`, proposed.body.version)
    expect([approved.status, approved.body]).toMatchObject([200, { roles: { en: 'editor' } }])
    const lowered = await one.post(`/v1/accounts/${annId}/roles`, { roles: { en: 'reporter' } })
    expect([lowered.status, lowered.body]).toMatchObject([200, { roles: { en: 'reporter' } }])
  })

  it('no person approves their own higher role', async () => {
    await rule('editor')
    const pam = await newcomer(house, 'pam@example.org', { '*': 'chief' })
    await rule('nobody')
    const id = await personOf(pam)
    const raised = { roles: { '*': 'admin' } }
    const { body } = await house.post(`/v1/accounts/${id}/roles`, raised, {}, house.keys.admin)

    // The bootstrap key proposes the role; the account's owner is not an admin yet and may not approve.
    expect((await pam.approve(`/v1/accounts/${id}/approve`, body.version)).body.code).toBe('forbidden')
    expect((await one.approve(`/v1/accounts/${id}/approve`, body.version)).status).toBe(200)
  })

  it('a key is not valid until a second admin approves it; another key of the same person cannot approve it', async () => {
    const made = (await one.post('/v1/keys', { name: 'Wire', kind: 'service', roles: { en: 'editor' } })).body
    expect(made).toMatchObject({ waitsFor: 'approval' })
    const post = () =>
      house.post('/v1/feeds/en/headlines', { text: 'From the wire', urgency: 'flash' }, {}, made.key)

    expect((await post()).status).toBe(401)
    expect((await one.approve(`/v1/keys/${made.id}/approve`, 1)).body.code).toBe('self-approval')
    await rule('editor')
    const own = (await one.post('/v1/keys', { name: 'Mine', role: 'admin' })).body
    await rule('nobody')
    const byOwnKey = await house.request(`/v1/keys/${made.id}/approve`, {
      method: 'POST',
      key: own.key,
      headers: { 'if-match': '"1"' },
    })
    expect(byOwnKey.body.code).toBe('self-approval')
    expect((await two.approve(`/v1/keys/${made.id}/approve`, 1)).status).toBe(200)
    expect((await post()).status).toBe(201)
  })

  it('nobody can prepare roles for a feed that is created later', async () => {
    const prepared = { '*': 'reader', later: 'admin' }
    const id = await personOf(two)
    const replies = [
      await one.post(`/v1/accounts/${id}/roles`, { roles: prepared }),
      await one.post('/v1/keys', { name: 'Puppet', roles: prepared }),
      await one.post('/v1/invitations', { email: 'puppet@example.org', roles: prepared }),
    ]

    for (const { status, body } of replies)
      expect([status, body]).toMatchObject([
        422,
        { code: 'unknown-feed', errors: [{ field: '/roles/later', message: 'there is no such feed' }] },
      ])
  })

  it('the answer to a new feed shows who already has a role in it', async () => {
    const reply = await one.post('/v1/feeds', { id: 'new', title: 'New', lang: 'en' })

    expect(reply.status).toBe(201)
    const { holders } = reply.body
    expect(holders.accounts).toContainEqual({
      id: await personOf(two),
      name: 'two@example.org',
      role: 'admin',
      disabled: false,
    })
    expect(holders.keys).toContainEqual(expect.objectContaining({ name: 'admin key', role: 'admin' }))
    expect((await one.get('/v1/feeds/new/roles')).body).toEqual(holders)
  })

  it('a key for feeds without the rule needs no approval', async () => {
    await createTestFeed(house.store, { id: 'sport' })
    const made = (await one.post('/v1/keys', { name: 'Sport', roles: { sport: 'editor' } })).body

    expect(made).not.toHaveProperty('waitsFor')
  })
})

it('writes role changes into the audit, with actor and roles before and after', async () => {
  const browser = await newcomer(api, 'zoe@example.org', { en: 'reader' })
  const id = await personOf(browser)
  await asAdmin(`/v1/accounts/${id}/roles`, { roles: { en: 'chief' } })

  expect((await readAudit(api.store)).at(-1)).toMatchObject({
    action: 'roles-changed',
    act: { person: 'bootstrap' },
    detail: { account: id, before: { roles: { en: 'reader' } }, after: { roles: { en: 'chief' } } },
  })
})
