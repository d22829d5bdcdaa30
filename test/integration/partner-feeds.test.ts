import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Router } from 'express'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { startGateway } from '../../src/gateway/gateway.ts'
import { readConfig } from '../../src/platform/config.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { readerRoutes } from '../../src/protocol/reader-routes.ts'
import { eventually } from '../support/eventually.ts'
import { bearer, partnersOn, type TestPartner } from '../support/partners.ts'
import { testRedisUrl } from '../support/redis.ts'
import { startSystem, type System } from '../support/system.ts'
import type { Refused } from '../support/ws-reader.ts'

/** A feed for partners, `wire`, beside the public feed `en` and another feed for partners, `vault`. */
let system: System
let partners: ReturnType<typeof partnersOn>
let acme: TestPartner
let site: TestPartner
const SITE = 'https://www.acme.example'
beforeAll(async () => {
  system = await startSystem()
  partners = partnersOn(system)
  for (const id of ['wire', 'vault']) await system.createFeed({ id, lang: 'en', visibility: 'partners' })
  acme = await partners.make(['wire', 'en'])
  site = await partners.make(['wire'], { origins: ['https://*.acme.example'] })
  await eventually('the feed is served to a partner', 20_000, async () =>
    [acme, site].reduce(
      async (all, { key }) => (await all) && (await snapshot(bearer(key))) === 200,
      Promise.resolve(true),
    ),
  )
  await system.publish('wire', ['For partners only'])
})
afterAll(() => system.close())

const snapshot = async (headers: Record<string, string>) => (await system.snapshot('wire', headers)).status

interface Told {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}
async function get(path: string, headers: Record<string, string> = {}): Promise<Told> {
  const ended = new AbortController()
  const answer = await fetch(system.url + path, { headers, signal: ended.signal })
  if (answer.headers.get('content-type')?.includes('event-stream')) {
    ended.abort()
    return { status: answer.status, text: '', headers: answer.headers }
  }
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}

/** Every address that the gateway's routers serve for a feed, of the routers themselves: none can be forgotten. */
async function servedPaths(): Promise<string[]> {
  const subscriber = new Redis(testRedisUrl)
  const gateway = startGateway({
    store: system.store,
    subscriber,
    config: readConfig({ REDIS_URL: testRedisUrl, REDIS_PREFIX: system.prefix, DRAIN_MS: '0' }),
    metrics: createMetrics(),
    logger: pino({ level: 'silent' }),
  })
  const paths = gateway.routes.flatMap(pathsOf).filter((path) => path.includes(':feed'))
  await gateway.drain()
  subscriber.disconnect()
  return [...new Set(paths)]
}

function pathsOf({ stack }: Router): string[] {
  return stack.flatMap(({ route, handle }) => {
    if (route) return [route.path]
    return 'stack' in handle ? pathsOf(handle as Router) : []
  })
}

/** These are served past the routers. */
const isOfDocuments = (path: string) => path.startsWith('/feeds/')
const addressOf = (path: string, feed: string) =>
  path
    .replace(':feed', feed)
    .replace('{feed}', feed)
    .replaceAll(/[:{]\w+}?/g, 'x')
const oembedOf = (feed: string) => `/oembed?url=${encodeURIComponent(`${system.url}/embed/${feed}`)}`
const eventStream = { Accept: 'text/event-stream' }

describe('a feed for partners', () => {
  it('is guarded on every address that the gateway serves for a feed', async () => {
    const paths = await servedPaths()
    const described = Object.values(readerRoutes)
      .map(({ path }) => path as string)
      .filter((path) => path.includes('{feed}') && !isOfDocuments(path))
    expect(paths.length).toBeGreaterThanOrEqual(described.length)
    for (const path of described)
      expect(paths.map((each) => addressOf(each, 'x'))).toContain(addressOf(path, 'x'))
    const asks = [...paths.map((path) => (feed: string) => addressOf(path, feed)), oembedOf]
    for (const ask of asks)
      for (const headers of [{}, eventStream] as Record<string, string>[]) {
        const [stranger, unknown, holder, foreign] = await Promise.all([
          get(ask('wire'), headers),
          get(ask('nowhere'), headers),
          get(ask('wire'), { ...headers, ...bearer(acme.key) }),
          get(ask('vault'), { ...headers, ...bearer(acme.key) }),
        ])
        const path = ask('wire')
        expect([path, stranger.status, stranger.text]).toEqual([path, 404, unknown.text])
        expect([path, holder.status]).not.toEqual([path, 404])
        expect([path, foreign.status, foreign.text]).toEqual([path, 404, unknown.text])
        const refused = await get(path, { ...headers, ...bearer(`${acme.key.slice(0, -1)}_`) })
        expect([path, refused.status]).toEqual([path, 401])
      }
  })

  it('opens a WebSocket to a partner only', async () => {
    const refusal = (feed: string, headers: Record<string, string> = {}) =>
      system.connect(feed, { headers }).then(
        () => ({ status: 101, body: '' }),
        (refused: unknown) => refused as Refused,
      )
    expect((await refusal('wire')).status).toBe(404)
    const unknown = await refusal('nowhere')
    for (const { status, body } of [await refusal('wire'), await refusal('vault', bearer(acme.key))])
      expect([status, body]).toEqual([unknown.status, unknown.body])
    expect((await refusal('wire', bearer('fp_0123456789abcdef_x'))).status).toBe(401)
    const reader = await system.connect('wire', { headers: bearer(acme.key) })
    expect((await reader.untilType('hello')).feed).toEqual({
      id: 'wire',
      title: 'Feed wire',
      lang: 'en',
      dir: 'ltr',
    })
    const byToken = await system.connect('wire', { query: { token: await partners.token(acme) } })
    expect((await byToken.untilType('reset')).strip).toHaveLength(1)
  })

  it('is in no list of a stranger, and a partner has its own feeds', async () => {
    type List = { feeds: { id: string }[] }
    const idsFor = async (headers: Record<string, string> = {}) =>
      (await system.get<List>('/v1/feeds', headers)).body.feeds.map(({ id }) => id)
    expect(await idsFor()).toEqual(['en'])
    expect(await idsFor(bearer(acme.key))).toEqual(['en', 'wire'])
    expect(await idsFor(bearer(site.key))).toEqual(['wire'])
    expect(await idsFor(bearer(await partners.token(acme, { feeds: ['en'] })))).toEqual(['en'])
    for (const page of ['/', '/how-to-post', '/embed']) expect((await get(page)).text).not.toContain('wire')
    const desk = await system.get<{ feeds: object[] }>('/v1/desk/feeds', system.authorization)
    expect(desk.body.feeds).toContainEqual(expect.objectContaining({ id: 'wire', visibility: 'partners' }))
  })

  it('is kept by no shared cache', async () => {
    for (const path of [
      '/v1/feeds/wire',
      '/v1/feeds/wire/events?after=aaaaaaaa:0',
      '/v1/feeds/wire/strip.html',
      '/v1/feeds',
    ]) {
      const { status, headers } = await get(path, bearer(acme.key))
      expect([path, status]).toEqual([path, 200])
      expect(headers.get('cache-control')).toMatch(/^private|no-store/)
      expect(headers.get('vary')).toMatch(/Authorization/)
    }
    const { position } = (await system.snapshot('wire', bearer(acme.key))).body
    const full = await get(
      `/v1/feeds/wire/events?after=${position.split(':')[0]}:0&limit=1`,
      bearer(acme.key),
    )
    expect(full.headers.get('cache-control')).toBe('private, max-age=1')
  })

  it('cannot be made public, or the other way round', async () => {
    const again = await fetch(`${system.url}/v1/feeds`, {
      method: 'POST',
      headers: system.authorization,
      body: JSON.stringify({ id: 'wire', lang: 'en', title: 'Feed wire', visibility: 'public' }),
    })
    expect([again.status, await again.json()]).toMatchObject([409, { code: 'feed-exists' }])
  })

  it('has a frame that only the sites of the partner may show, and that never says it is live', async () => {
    const token = await partners.token(site, { origin: SITE })
    const frame = await get(`/embed/wire?token=${token}`)
    expect(frame.status).toBe(200)
    expect(frame.headers.get('content-security-policy')).toMatch(
      /frame-ancestors 'self' https:\/\/www\.acme\.example$/,
    )
    expect(frame.text).toContain('For partners only')
    expect(frame.text).toContain('http-equiv="refresh"')
    expect(frame.text).not.toContain('<script')
    expect(frame.text).not.toContain(token)
  })
})

describe('a token', () => {
  it('opens its feeds only, for its site only', async () => {
    const token = await partners.token(site, { feeds: ['wire'], origin: SITE })
    expect(await snapshot(bearer(token))).toBe(200)
    expect(await snapshot({ ...bearer(token), Origin: SITE })).toBe(200)
    expect(await snapshot({ ...bearer(token), Origin: system.url })).toBe(200)
    expect(await snapshot({ ...bearer(token), Origin: 'https://shop.acme.example' })).toBe(403)
    expect((await get('/v1/feeds/en', bearer(token))).status).toBe(404)
    expect((await get(`/v1/feeds/wire?token=${token}`)).status).toBe(200)
    expect((await get(`/v1/feeds/wire?token=${token}&token=${token}`)).status).toBe(401)
    const ofApp = await partners.token(site)
    expect(await snapshot(bearer(ofApp))).toBe(200)
    expect(await snapshot({ ...bearer(ofApp), Origin: SITE })).toBe(403)
  })

  it('is checked: not another signature, algorithm, audience, age or partner', async () => {
    const { exportJWK, generateKeyPair, SignJWT, importJWK, decodeJwt, decodeProtectedHeader } =
      await import('jose')
    const good = await partners.token(acme)
    const { kid = '' } = decodeProtectedHeader(good)
    const claims = decodeJwt(good)
    const stored = JSON.parse(
      (await system.store.redis.hget(system.store.keys.desk.tokenKeys, kid)) ?? '{}',
    ) as {
      publicKey: { kty: 'OKP'; crv: string; x: string }
      d: string
    }
    const own = await importJWK({ ...stored.publicKey, d: stored.d }, 'EdDSA')
    const other = (await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })).privateKey
    const sign = (changed: object, key = own, header: object = {}) =>
      new SignJWT({ ...claims, ...changed }).setProtectedHeader({ alg: 'EdDSA', kid, ...header }).sign(key)
    const now = Math.floor(Date.now() / 1_000)
    const [head, body, signature] = good.split('.') as [string, string, string]
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const tokens = {
      good: await sign({}),
      'another key': await sign({}, other),
      'an unknown key': await sign({}, other, { kid: (await exportJWK(other)).x }),
      'no algorithm': `${part({ alg: 'none', kid })}.${body}.`,
      'no algorithm, with a signature': `${part({ alg: 'none', kid })}.${body}.${signature}`,
      'the public key as a secret': await new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256', kid })
        .sign(Buffer.from(stored.publicKey.x, 'base64url')),
      'other claims': `${head}.${part({ ...claims, sub: site.id })}.${signature}`,
      'another audience': await sign({ aud: 'elsewhere' }),
      expired: await sign({ iat: now - 200, exp: now - 100 }),
      'of too long a life': await sign({ iat: now - 400, exp: now + 100 }),
      'without an end': await sign({ exp: undefined }),
      'of another partner with this key': await sign({ sub: site.id }),
      'of an unknown partner': await sign({ sub: '0123456789abcdef' }),
      'with an unknown key of the partner': await sign({ key: '0123456789abcdef' }),
    }
    const found: Record<string, number> = {}
    for (const [name, token] of Object.entries(tokens)) found[name] = await snapshot(bearer(token))
    expect(found).toEqual(
      Object.fromEntries(Object.keys(tokens).map((name) => [name, name === 'good' ? 200 : 401])),
    )
    expect((await system.snapshot('wire', bearer(tokens.expired))).body).toMatchObject({
      code: 'partner-refused',
      detail: expect.stringContaining('expired'),
    })
  })

  it('is checked by keys that are public', async () => {
    const { createLocalJWKSet, jwtVerify } = await import('jose')
    const token = await partners.token(acme)
    const { body } = await system.get<{ keys: [] }>('/.well-known/jwks.json')
    const { payload } = await jwtVerify(token, createLocalJWKSet(body))
    expect(payload.sub).toBe(acme.id)
    expect(JSON.stringify(body)).not.toContain('"d"')
  })
})

describe('a partner', () => {
  it.each([
    ['https://www.acme.example', 200],
    ['https://a.b.acme.example', 200],
    ['https://acme.example', 403],
    ['https://evil-acme.example', 403],
    ['https://www.acme.example.evil.com', 403],
    ['https://evil.com#.acme.example', 403],
    ['https://evil.com/.acme.example', 403],
    ['https://user@www.acme.example', 403],
    ['https://evil.com@www.acme.example', 403],
    ['https://www.acme.example:8443', 403],
    ['https://.acme.example', 403],
    ['https://www.ACME.example', 403],
    ['http://www.acme.example', 403],
    ['null', 403],
    ['', 403],
  ])('reads in pages of its sites only: %s', async (origin, status) => {
    const answer = await get('/v1/feeds/wire', { ...bearer(site.key), Origin: origin })
    expect(answer.status).toBe(status)
    if (status === 200) expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    const preflight = await fetch(`${system.url}/v1/feeds/wire`, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'authorization',
      },
    })
    expect(preflight.status).toBe(status === 200 ? 204 : origin === '' ? preflight.status : 403)
    if (status === 200)
      expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization')
  })

  it('gets headlines of its own filter only, and may narrow it', async () => {
    const sports = await partners.make(['wire'], {
      filter: { section: ['sport', 'culture'], urgency: 'urgent' },
    })
    await system.publish('wire', [
      { text: 'Cup final', section: 'sport', urgency: 'urgent' },
      { text: 'Opera', section: 'culture', urgency: 'flash' },
      { text: 'Training', section: 'sport', urgency: 'routine' },
      { text: 'Budget', section: 'money', urgency: 'flash' },
    ])
    const textsOf = async (query = '') => {
      const answer = await system.get<{ strip: { text: string }[]; code: string }>(
        `/v1/feeds/wire${query}`,
        bearer(sports.key),
      )
      return answer.status === 200 ? answer.body.strip.map(({ text }) => text).sort() : answer.body.code
    }
    await eventually('the key is known', 5_000, async () => (await textsOf()) !== 'partner-refused')
    expect(await textsOf()).toEqual(['Cup final', 'Opera'])
    expect(await textsOf('?urgency=routine')).toEqual(['Cup final', 'Opera'])
    expect(await textsOf('?urgency=flash')).toEqual(['Opera'])
    expect(await textsOf('?section=sport')).toEqual(['Cup final'])
    expect(await textsOf('?section=sport,money')).toBe('filter-refused')
    const reader = await system.connect('wire', { headers: bearer(sports.key) })
    expect((await reader.untilType('reset')).strip).toHaveLength(2)
    await expect(
      system.connect('wire', { headers: bearer(sports.key), query: { section: 'money' } }),
    ).rejects.toMatchObject({
      status: 403,
      body: expect.stringContaining('filter-refused'),
    })
  })

  it('has limits of its own for requests, with headers that tell them, and for connections', async () => {
    const small = await partners.make(['wire'], { limits: { requestsPerMinute: 8, connections: 1 } })
    await eventually('the key is known', 5_000, async () => (await snapshot(bearer(small.key))) !== 401)
    const first = await get('/v1/feeds/wire', bearer(small.key))
    expect(first.headers.get('ratelimit-policy')).toMatch(/^"requests-per-partner"; q=8; w=60/)
    expect(first.headers.get('ratelimit')).toMatch(/^"requests-per-partner"; r=\d; t=\d+/)
    await system.connect('wire', { headers: bearer(small.key) })
    await expect(system.connect('wire', { headers: bearer(small.key) })).rejects.toMatchObject({
      status: 429,
      body: expect.stringContaining('reader-key-full'),
    })
    const full = await system.stream('wire', { headers: bearer(small.key) })
    expect(await full.next()).toMatchObject({ type: 'bye', code: 'reader-key-full' })
    let last = first
    for (let tries = 0; tries < 8 && last.status === 200; tries++)
      last = await get('/v1/feeds/wire', bearer(small.key))
    expect([last.status, JSON.parse(last.text)]).toMatchObject([429, { code: 'too-many-requests' }])
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(1)
    await expect(system.connect('wire', { headers: bearer(small.key) })).rejects.toMatchObject({
      status: 429,
    })
    expect(await snapshot(bearer(acme.key))).toBe(200)
  })

  it('without a key reads what is public, as before', async () => {
    expect((await get('/v1/feeds/en')).status).toBe(200)
    // A key of the newsroom is no key of a partner.
    expect((await get('/v1/feeds/en', system.authorization)).status).toBe(200)
    expect((await get('/v1/feeds/wire', system.authorization)).status).toBe(404)
  })
})
