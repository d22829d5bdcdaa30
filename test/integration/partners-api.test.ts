import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { readPartnerAccess } from '../../src/eventlog/partners/partner-access.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { feedWith, newPerson, nobodyAlone } from '../support/newsroom.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

interface Partner {
  readonly id: string
  readonly version: number
  readonly feeds: readonly string[]
  readonly keys: readonly { readonly id: string; readonly until?: string; readonly waitsFor?: string }[]
  readonly proposal?: object
  readonly waitsFor?: string
  readonly key: string
  readonly code: string
  readonly token: string
  readonly expiresAt: string
}

const settings = { name: 'Acme', contact: 'desk@acme.example', feeds: ['en'] }

async function asAdmin(method: string, path: string, body?: unknown, version?: number, key = api.keys.admin) {
  const headers: Record<string, string> = version === undefined ? {} : { 'If-Match': `"${version}"` }
  const reply = await api.request(path, { method, key, headers, ...(body !== undefined && { body }) })
  return { ...reply, body: reply.body as unknown as Partner }
}

async function newPartner(extra: object = {}) {
  const { body } = await asAdmin('POST', '/v1/partners', { ...settings, ...extra })
  const issued = await asAdmin('POST', `/v1/partners/${body.id}/keys`, {})
  return { id: body.id, key: issued.body.key, keyId: issued.body.id, version: issued.body.version }
}

const tokenFor = async (key: string, body: object = {}) => {
  const reply = await api.request('/v1/partner-tokens', { method: 'POST', key, body })
  return { status: reply.status, body: reply.body as unknown as Partner }
}

describe('a partner', () => {
  it('is made, listed, read, changed and deleted by an admin, and by nobody else', async () => {
    const made = await asAdmin('POST', '/v1/partners', settings)
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe(`/v1/partners/${made.body.id}`)
    expect(made.body).toMatchObject({
      ...settings,
      version: 1,
      filter: {},
      origins: [],
      keys: [],
      limits: { requestsPerMinute: 600, connections: 500 },
    })
    const path = `/v1/partners/${made.body.id}`
    const changed = await asAdmin('PUT', path, { ...settings, name: 'Acme News' }, 1)
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"'])
    expect((await asAdmin('PUT', path, settings, 1)).body).toMatchObject({
      code: 'stale-version',
      current: { name: 'Acme News', version: 2 },
    })
    expect((await asAdmin('PUT', path, settings)).body.code).toBe('precondition-required')
    const listed = await asAdmin('GET', '/v1/partners')
    expect(listed.body).toMatchObject({ partners: expect.arrayContaining([changed.body]) })
    expect((await asAdmin('GET', path)).body).toEqual(changed.body)

    for (const key of [api.keys.editor, api.keys.reader]) {
      expect((await asAdmin('GET', path, undefined, undefined, key)).body.code).toBe('forbidden')
      expect((await asAdmin('POST', '/v1/partners', settings, undefined, key)).status).toBe(403)
    }
    expect((await asAdmin('DELETE', path)).status).toBe(204)
    for (const method of ['GET', 'DELETE'])
      expect((await asAdmin(method, path)).body.code).toBe('no-such-partner')
  })

  it.each([
    [{ feeds: [] }, '/feeds'],
    [{ feeds: ['No Feed'] }, '/feeds/0'],
    [{ origins: ['https://news.example/'] }, '/origins/0'],
    [{ origins: ['null'] }, '/origins/0'],
    [{ origins: ['https://*.com'] }, '/origins/0'],
    [{ origins: ['*'] }, '/origins/0'],
    [{ origins: ['https://user@news.example'] }, '/origins/0'],
    [{ origins: ['https://news.example:443'] }, '/origins/0'],
    [{ limits: { connections: 0 } }, '/limits/connections'],
    [{ filter: { urgency: 'loud' } }, '/filter/urgency'],
    [{ filter: { topic: ['a'] } }, '/filter/topic'],
    [{ contact: undefined }, '/contact'],
  ])('with %j is refused with the field', async (extra, field) => {
    const { status, body } = await asAdmin('POST', '/v1/partners', { ...settings, ...extra })
    expect([status, body]).toMatchObject([422, { code: 'invalid-body', errors: [{ field }] }])
  })

  it('cannot be given a feed that does not exist, or an end that has passed', async () => {
    const unknown = await asAdmin('POST', '/v1/partners', { ...settings, feeds: ['en', 'later'] })
    expect(unknown.body).toMatchObject({ code: 'unknown-feed', errors: [{ field: '/feeds/1' }] })
    const past = await asAdmin('POST', '/v1/partners', { ...settings, expiresAt: '2020-01-01T00:00:00Z' })
    expect(past.body.code).toBe('expires-in-past')
  })

  it('leaves an entry in the audit for each change, without secrets', async () => {
    const { id, key, keyId } = await newPartner()
    await asAdmin('POST', `/v1/partners/${id}/rotate`, {})
    await asAdmin('DELETE', `/v1/partners/${id}/keys/${keyId}`)
    await asAdmin('DELETE', `/v1/partners/${id}`)
    const { body } = await api.request('/v1/audit?limit=20', { key: api.keys.admin })
    const text = JSON.stringify(body)
    const entries = (
      body as unknown as { entries: { action: string; detail?: { partner?: string; id?: string } }[] }
    ).entries
    const actions = entries
      .filter(({ detail }) => detail?.partner === id || detail?.id === id)
      .map(({ action }) => action)
    expect(actions.sort()).toEqual([
      'partner-deleted',
      'partner-key-issued',
      'partner-key-revoked',
      'partner-key-rotated',
      'partner-made',
    ])
    expect(text).not.toContain(key.slice(-43))
    expect(text).not.toContain('"hash"')
  })
})

describe('a key of a partner', () => {
  it('is shown once and stored as a hash, for the gateways too', async () => {
    const { id, key } = await newPartner()
    expect(key).toMatch(new RegExp(`^fp_${id}_[A-Za-z0-9_-]{43}$`))
    const shown = await asAdmin('GET', `/v1/partners/${id}`)
    expect(JSON.stringify(shown.body)).not.toContain(key.slice(-43))
    const { desk } = api.store.keys
    const stored = await Promise.all(
      [desk.partners, desk.partnerAccess].map((name) => api.store.redis.hgetall(name)),
    )
    expect(JSON.stringify(stored)).not.toContain(key.slice(-43))
    const { partners } = await readPartnerAccess(api.store)
    expect(partners.find((each) => each.id === id)).toMatchObject({
      feeds: ['en'],
      keys: [{ hash: expect.any(String) }],
    })
  })

  it('is no key of the newsroom', async () => {
    const { key } = await newPartner()
    expect((await api.post('/v1/feeds/en/headlines', { text: 'x' }, {}, key)).status).toBe(401)
    expect((await asAdmin('GET', '/v1/partners', undefined, undefined, key)).status).toBe(401)
  })

  it('is rotated with a time for which both are valid, and ends after it', async () => {
    const { id, key, keyId } = await newPartner()
    const next = await asAdmin('POST', `/v1/partners/${id}/rotate`, { overlapS: 60 })
    expect((await tokenFor(key)).status).toBe(201)
    expect((await tokenFor(next.body.key)).status).toBe(201)
    const shown = await asAdmin('GET', `/v1/partners/${id}`)
    const old = shown.body.keys.find((each) => each.id === keyId)
    expect(Date.parse(old?.until ?? '') - Date.now()).toBeGreaterThan(50_000)

    const last = await asAdmin('POST', `/v1/partners/${id}/rotate`, { overlapS: 0 })
    for (const ended of [key, next.body.key])
      expect((await tokenFor(ended)).body.code).toBe('partner-refused')
    expect((await tokenFor(last.body.key)).status).toBe(201)
  })

  it('is revoked at once, and one partner has ten of them at most', async () => {
    const { id, key, keyId } = await newPartner()
    const made = []
    for (let keys = 1; keys < 10; keys++) made.push(await asAdmin('POST', `/v1/partners/${id}/keys`, {}))
    expect(made.every(({ status }) => status === 201)).toBe(true)
    expect((await asAdmin('POST', `/v1/partners/${id}/keys`, {})).body.code).toBe('too-many-keys')
    expect((await asAdmin('DELETE', `/v1/partners/${id}/keys/${keyId}`)).status).toBe(204)
    expect((await tokenFor(key)).body.code).toBe('partner-refused')
    expect((await asAdmin('DELETE', `/v1/partners/${id}/keys/${keyId}`)).body.code).toBe('no-such-key')
  })

  it('ends with its partner', async () => {
    const { id, key } = await newPartner()
    await asAdmin('DELETE', `/v1/partners/${id}`)
    expect((await tokenFor(key)).status).toBe(401)
    expect((await readPartnerAccess(api.store)).partners.some((each) => each.id === id)).toBe(false)
  })
})

describe('under the two-person rule', () => {
  it('a key, and settings that let the partner read more, wait for a second admin', async () => {
    const [ida, sam] = [
      await newPerson(api, 'Ida', { '*': 'admin' }),
      await newPerson(api, 'Sam', { '*': 'admin' }),
    ]
    // After the admins, whose own keys would wait otherwise.
    await feedWith(api, 'guarded', { alone: nobodyAlone })
    type Sent = { status: number; body: Partner }
    const send = async (person: typeof ida, method: string, path: string, body?: object, version?: number) =>
      (await person.send(
        method,
        path,
        body ?? {},
        version === undefined ? {} : { 'If-Match': `"${version}"` },
      )) as unknown as Sent
    const made = await send(ida, 'POST', '/v1/partners', { ...settings, feeds: ['guarded'] })
    const path = `/v1/partners/${made.body.id}`
    const issued = await send(ida, 'POST', `${path}/keys`)
    expect(issued.body.waitsFor).toBe('approval')
    expect((await tokenFor(issued.body.key)).status).toBe(401)
    const { partners } = await readPartnerAccess(api.store)
    expect(partners.find(({ id }) => id === made.body.id)?.keys).toEqual([])
    const waiting = await sam.get('/v1/approvals')
    expect(waiting.body).toMatchObject({
      approvals: expect.arrayContaining([
        expect.objectContaining({ kind: 'partner', id: made.body.id, mayApprove: true }),
      ]),
    })
    expect((await send(ida, 'POST', `${path}/approve`, undefined, 2)).body.code).toBe('self-approval')
    expect((await send(sam, 'POST', `${path}/approve`, undefined, 1)).body.code).toBe('stale-version')
    expect((await send(sam, 'POST', `${path}/approve`, undefined, 2)).status).toBe(200)
    expect((await tokenFor(issued.body.key)).status).toBe(201)

    const wider = { ...settings, feeds: ['guarded', 'en'] }
    const proposed = await send(ida, 'PUT', path, wider, 3)
    expect([proposed.status, proposed.body.feeds]).toEqual([202, ['guarded']])
    expect((await send(ida, 'POST', `${path}/approve`, undefined, 4)).body.code).toBe('self-approval')
    expect((await send(sam, 'POST', `${path}/approve`, undefined, 4)).body.feeds).toEqual(['guarded', 'en'])
    expect((await send(sam, 'POST', `${path}/approve`, undefined, 5)).body.code).toBe('nothing-to-approve')
    const narrower = await send(ida, 'PUT', path, { ...settings, feeds: ['guarded'] }, 5)
    expect(narrower.status).toBe(200)
  })
})

describe('a token', () => {
  it('names its partner, key, feeds and origin, and lives for five minutes at most', async () => {
    const { id, key, keyId } = await newPartner({ origins: ['https://*.acme.example'] })
    const origin = 'https://www.acme.example'
    const { status, body } = await tokenFor(key, { feeds: ['en'], origin })
    expect(status).toBe(201)
    const claims = decodeJwt(body.token)
    expect(claims).toMatchObject({ sub: id, key: keyId, feeds: ['en'], origin, aud: 'flashline-readers' })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300)
    const { tokenKeys } = await readPartnerAccess(api.store)
    expect(tokenKeys.map(({ kid }) => kid)).toEqual([decodeProtectedHeader(body.token).kid])
    expect((await tokenFor(key, { lifetimeS: 301 })).body.code).toBe('invalid-body')
  })

  it('is refused for a feed or a site that the partner may not have', async () => {
    const { key } = await newPartner({ origins: ['https://acme.example'] })
    expect((await tokenFor(key, { feeds: ['fr'] })).body.code).toBe('no-such-feed')
    expect((await tokenFor(key, { origin: 'https://evil.example' })).body.code).toBe('origin-refused')
    expect((await tokenFor(key, { origin: 'https://*.acme.example' })).body.code).toBe('invalid-body')
    expect((await tokenFor('fp_0123456789abcdef_x')).body.code).toBe('partner-refused')
    expect((await tokenFor(api.keys.admin)).body.code).toBe('partner-refused')
  })
})

describe('the usage of a partner', () => {
  it('is asked for by day, within a year', async () => {
    const { id } = await newPartner()
    const usage = (query: string) => asAdmin('GET', `/v1/partners/${id}/usage?${query}`)
    expect((await usage('from=2026-11-01&to=2026-11-30')).body).toMatchObject({
      partner: id,
      from: '2026-11-01',
      to: '2026-11-30',
      total: { requests: 0, connections: 0, deliveries: 0, bytes: 0 },
      days: [],
    })
    expect((await usage('')).status).toBe(200)
    for (const wrong of ['from=2026-12-01&to=2026-11-30', 'from=2020-01-01&to=2026-11-30', 'from=today'])
      expect((await usage(wrong)).body.code).toBe('invalid-query')
  })
})
