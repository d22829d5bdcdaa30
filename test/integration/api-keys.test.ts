import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { bootstrapKey, principalOfKey } from '../../src/people/api-keys.ts'
import { createTestFeed } from '../support/redis.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { newcomer } from '../support/browser.ts'
import { openTestPeople } from '../support/people.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const asAdmin = (method: string, body?: unknown) => ({ method, key: api.keys.admin, body })

describe('keys', () => {
  it('are shown once, are valid, and are stored only as a hash', async () => {
    const made = await api.request('/v1/keys', asAdmin('POST', { name: 'Night desk', role: 'editor' }))

    expect(made.status).toBe(201)
    expect(made.body.key).toMatch(/^fl_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/)
    expect((await api.post('/v1/feeds/en/headlines', { text: 'x' }, {}, made.body.key)).status).toBe(201)
    const listed = await api.request('/v1/keys', asAdmin('GET'))
    expect(listed.body.keys).toContainEqual({
      id: made.body.id,
      name: 'Night desk',
      kind: 'person',
      owner: 'bootstrap',
      roles: { '*': 'editor' },
      createdAt: made.body.createdAt,
      version: 1,
    })
    const stored = JSON.stringify(await api.store.redis.hgetall(api.store.keys.desk.apiKeys))
    expect(stored).not.toContain(made.body.key.slice(-43))
  })

  it('are not valid after they are revoked', async () => {
    const { body } = await api.request('/v1/keys', asAdmin('POST', { name: 'Leaver', role: 'editor' }))

    expect((await api.request(`/v1/keys/${body.id}`, asAdmin('DELETE'))).status).toBe(204)
    expect((await api.post('/v1/feeds/en/headlines', { text: 'x' }, {}, body.key)).status).toBe(401)
    expect((await api.request(`/v1/keys/${body.id}`, asAdmin('DELETE'))).body.code).toBe('no-such-key')
  })

  it('always include one admin key, even when two admin keys revoke each other', async () => {
    const house = await startApi()
    const { body } = await house.post('/v1/keys', { name: 'Second', role: 'admin' }, {}, house.keys.admin)
    const first = house.keys.admin.split('_')[1] ?? ''
    const replies = await Promise.all([
      house.request(`/v1/keys/${first}`, { method: 'DELETE', key: body.key }),
      house.request(`/v1/keys/${body.id}`, { method: 'DELETE', key: house.keys.admin }),
    ])

    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1)
    expect(replies.map(({ status }) => status).sort()[1]).toBeGreaterThanOrEqual(401)
    await house.close()
  })

  it('refuse to revoke the last admin key', async () => {
    const id = api.keys.admin.split('_')[1] ?? ''
    const reply = await api.request(`/v1/keys/${id}`, asAdmin('DELETE'))

    expect([reply.status, reply.body.code]).toEqual([409, 'last-admin-key'])
  })
})

describe('a key', () => {
  const post = (key: string, feed = 'en') => api.post(`/v1/feeds/${feed}/headlines`, { text: 'x' }, {}, key)
  const newKey = async (body: object) => (await api.request('/v1/keys', asAdmin('POST', body))).body

  it('acts only in its feeds, and never with a higher role than it has there', async () => {
    await createTestFeed(api.store, { id: 'fr' })
    const { key } = await newKey({ name: 'Desk', roles: { en: 'editor', fr: 'reader' } })

    expect((await post(key)).status).toBe(201)
    expect((await post(key, 'fr')).body).toMatchObject({
      code: 'forbidden',
      detail: 'This needs the role reporter in this feed.',
    })
    expect((await post(key, 'es')).body.code).toBe('forbidden')
    expect((await api.request('/v1/keys', { key })).body.code).toBe('forbidden')
  })

  it('is not valid after its expiry', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString()
    const { key } = await newKey({ name: 'Intern', role: 'editor', expiresAt })
    expect((await post(key)).status).toBe(201)

    api.clock.now = () => Date.parse(expiresAt)
    expect((await post(key)).status).toBe(401)
    api.clock.now = () => Date.now()
  })

  it('is not valid on any process as soon as it is revoked', async () => {
    const other = await startApi({ prefix: api.prefix })
    const { key, id } = await newKey({ name: 'Leaver', role: 'editor' })
    expect((await other.post('/v1/feeds/en/headlines', { text: 'x' }, {}, key)).status).toBe(201)

    await api.request(`/v1/keys/${id}`, asAdmin('DELETE'))
    expect((await other.post('/v1/feeds/en/headlines', { text: 'x' }, {}, key)).status).toBe(401)
    await other.close()
  })

  it('never has a higher role than its owner', async () => {
    const owner = await newcomer(api, 'owner@example.org', { '*': 'admin' })
    await owner.addSecondFactor()
    const { key } = (await owner.post('/v1/keys', { name: 'Mine', role: 'editor' })).body
    const { person } = (await owner.get('/v1/session')).body
    expect((await api.request('/v1/session', { key })).body).toMatchObject({ person, secondFactor: true })
    expect((await post(key)).status).toBe(201)

    await newcomer(api, 'other-admin@example.org', { '*': 'admin' })
    await api.request(`/v1/accounts/${person}/roles`, asAdmin('POST', { roles: { en: 'reader' } }))
    expect((await post(key)).body.code).toBe('forbidden')
    await api.request(`/v1/accounts/${person}`, asAdmin('DELETE'))
    expect((await post(key)).status).toBe(401)
  })

  it.each([
    ['no role', {}],
    ['roles for * and for a feed together', { role: 'editor', roles: { en: 'editor' } }],
    ['no feeds', { roles: {} }],
    ['an invalid feed id', { roles: { EN: 'editor' } }],
    ['an unknown role', { roles: { en: 'owner' } }],
    ['an expiry that is not a time', { role: 'editor', expiresAt: 'tomorrow' }],
  ])('is not created with %s', async (_what, body) => {
    expect((await newKey({ name: 'x', ...body })).code).toBe('invalid-body')
  })

  it('is not made with an end that has passed', async () => {
    const now = Date.now()
    api.clock.now = () => now
    for (const [endMs, status] of [
      [now - 1, 422],
      [now, 422],
      [now + 1, 201],
    ] as const) {
      const body = { name: 'x', role: 'reader', expiresAt: new Date(endMs).toISOString() }
      const reply = await api.request('/v1/keys', asAdmin('POST', body))
      expect([reply.status, reply.body.code]).toEqual([
        status,
        status === 422 ? 'expires-in-past' : undefined,
      ])
    }
    api.clock.now = () => Date.now()
  })

  it('that was frozen for releasing too fast is listed, and acts again after it is thawed', async () => {
    const policy = { releasesPerMinute: 1, undoMs: { bulletin: 0 }, duplicateWithinMs: 0 }
    await api.request('/v1/feeds', asAdmin('POST', { id: 'fast', title: 'Fast', lang: 'en', policy }))
    const { key, id } = await newKey({ name: 'Wire', kind: 'service', role: 'editor' })
    expect((await post(key, 'fast')).status).toBe(201)
    expect((await post(key, 'fast')).body.code).toBe('key-frozen')
    const frozen = async () => {
      const { keys } = (await api.request('/v1/keys', asAdmin('GET'))).body
      return (keys as { id: string; frozenSince?: object }[]).find((each) => each.id === id)?.frozenSince
    }
    expect(await frozen()).toMatchObject({ fast: expect.stringMatching(/^\d{4}-/), en: expect.any(String) })
    expect((await post(key)).body.code).toBe('key-frozen')

    expect((await api.request(`/v1/keys/${id}/thaw`, asAdmin('POST'))).status).toBe(204)
    expect(await frozen()).toBeUndefined()
    expect([(await post(key, 'fast')).status, (await post(key)).status]).toEqual([201, 201])
    expect((await api.request(`/v1/keys/${id}/thaw`, asAdmin('POST'))).body.code).toBe('key-not-frozen')
  })
})

describe('the bootstrap key', () => {
  const secret = 'a-secret-of-at-least-32-characters'

  it('is valid in a new installation only', async () => {
    const people = await openTestPeople()

    expect(await bootstrapKey(people, secret)).toBe('written')
    expect(await bootstrapKey(people, secret)).toBe('exists')
    expect(await bootstrapKey(people, `${secret}-another`)).toBe('unused')
    const who = await principalOfKey(people, secret)
    expect(who).toMatchObject({ credential: 'key:bootstrap', person: 'bootstrap' })
    expect(who?.roleIn('en')).toBe('admin')
    expect(await principalOfKey(people, `${secret}-another`)).toBeUndefined()
    await people.close()
  })

  it('may have the format of other keys', async () => {
    const people = await openTestPeople()
    const key = `fl_${'0'.repeat(16)}_${'s'.repeat(43)}`
    await bootstrapKey(people, key)

    expect((await principalOfKey(people, key))?.roleIn('*')).toBe('admin')
    await people.close()
  })
})

describe('feeds', () => {
  const feed = { id: 'ar', title: 'عاجل', lang: 'ar' }

  it('are created once; an equal definition is accepted again, a different one is refused', async () => {
    const made = await api.request('/v1/feeds', asAdmin('POST', feed))
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ ...feed, dir: 'rtl' })
    expect(made.headers.get('location')).toBe('/v1/feeds/ar')

    expect((await api.request('/v1/feeds', asAdmin('POST', { ...feed, dir: 'rtl' }))).status).toBe(200)
    const other = await api.request('/v1/feeds', asAdmin('POST', { ...feed, title: 'Other' }))
    expect([other.status, other.body.code]).toEqual([409, 'feed-exists'])
  })
})

describe('the description of the API', () => {
  it('is OpenAPI with every route', async () => {
    const { status, body } = await api.request('/v1/openapi.json')

    expect(status).toBe(200)
    expect(body.openapi).toBe('3.1.0')
    expect(Object.keys(body.paths).sort()).toEqual(
      expect.arrayContaining([
        '/v1/account/password',
        '/v1/account/second-factor',
        '/v1/account/second-factor/confirm',
        '/v1/account/second-factor/remove',
        '/v1/accounts',
        '/v1/accounts/{account}',
        '/v1/accounts/{account}/approve',
        '/v1/accounts/{account}/disable',
        '/v1/accounts/{account}/enable',
        '/v1/accounts/{account}/roles',
        '/v1/feeds',
        '/v1/feeds/{feed}',
        '/v1/feeds/{feed}/events',
        '/v1/feeds/{feed}/headlines',
        '/v1/feeds/{feed}/headlines/{id}',
        '/v1/feeds/{feed}/headlines/{id}/correct',
        '/v1/feeds/{feed}/headlines/{id}/expire',
        '/v1/feeds/{feed}/headlines/{id}/withdraw',
        '/v1/feeds/{feed}/live',
        '/v1/invitations',
        '/v1/invitations/accept',
        '/v1/invitations/{invitation}',
        '/v1/invitations/{invitation}/approve',
        '/v1/keys',
        '/v1/keys/{key}',
        '/v1/keys/{key}/approve',
        '/v1/keys/{key}/thaw',
        '/v1/session',
        '/v1/session/second-factor',
        '/v1/sessions',
        '/v1/sso/callback',
        '/v1/sso/start',
      ]),
    )
    expect(Object.keys(body.paths['/v1/feeds'] ?? {})).toEqual(['get', 'options', 'post'])
    const post = body.paths['/v1/feeds/{feed}/headlines']?.post
    expect(post?.requestBody.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/NewHeadline',
    })
    expect(Object.keys(post?.responses ?? {})).toEqual(expect.arrayContaining(['201', '202', '422', '429']))
  })

  it('explains each problem', async () => {
    const { status, body } = await api.request('/problems/stale-version')

    expect(status).toBe(200)
    expect(body).toMatchObject({ code: 'stale-version', status: 412 })
    expect((await api.request('/problems/toString')).status).toBe(404)
  })
})
