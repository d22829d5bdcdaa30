import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Headline } from '../../src/protocol/headline.ts'
import { formatNames } from '../../src/protocol/lists/formats.ts'
import { eventually } from '../support/eventually.ts'
import { getDocument } from '../support/get-document.ts'
import { RawClient } from '../support/raw-client.ts'
import { startSystem, type System } from '../support/system.ts'

const LICENCE = 'https://news.example/license.xml'
const OTHER = 'https://other.example'

let system: System
let line: Headline
beforeAll(async () => {
  system = await startSystem({ LICENSE_URL: LICENCE, ALLOWED_ORIGINS: OTHER, TRUST_PROXY: 1 })
  ;[line] = (await system.publish('en', [{ text: '<5 … >100 & ]]> done' }, 'A second line'])).map(
    ({ headline }) => headline,
  ) as [Headline, Headline]
})
afterAll(() => system.close())

const get = (path: string, headers = {}, method = 'GET') => getDocument(system.url + path, headers, method)
const problem = (text: string) => JSON.parse(text) as Record<string, unknown>

describe.each(formatNames)('the document %s', (format) => {
  const path = `/feeds/en/${format}`

  it('is kept by caches for a moment only, and names its licence', async () => {
    const { status, headers } = await get(path)
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=1, stale-while-revalidate=2',
      vary: 'Accept-Encoding, Origin',
      link: `<${LICENCE}>; rel="license"; type="application/rsl+xml"`,
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    })
    expect(headers.etag).toMatch(/^"[\w-]{27}"$/)
    expect(headers).not.toHaveProperty('strict-transport-security')
    const secure = await get(path, { 'X-Forwarded-Proto': 'https', Host: 'news.example' })
    expect(secure.headers).toHaveProperty('strict-transport-security')
  })

  it('is answered with 304 to a reader that holds it', async () => {
    const { headers } = await get(path)
    const etag = headers.etag ?? ''
    for (const held of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await get(path, { 'If-None-Match': held })
      expect([held, answer.status, answer.bytes.length]).toEqual([held, 304, 0])
      expect(answer.headers).toMatchObject({
        etag,
        'cache-control': headers['cache-control'],
        vary: headers.vary,
      })
      expect(answer.headers).not.toHaveProperty('content-type')
    }
    expect((await get(path, { 'If-None-Match': '"x"' })).status).toBe(200)
    // The tag counts, and the date beside it does not.
    const later = new Date(Date.now() + 60_000).toUTCString()
    expect((await get(path, { 'If-None-Match': '"x"', 'If-Modified-Since': later })).status).toBe(200)
  })

  it('has a date once no other change can have the same one, and 304 for it', async () => {
    await eventually(
      'the date is there',
      20_000,
      async () => (await get(path)).headers['last-modified'] !== undefined,
    )
    const since = (await get(path)).headers['last-modified'] ?? ''
    expect((await get(path, { 'If-Modified-Since': since })).status).toBe(304)
    const before = new Date(Date.parse(since) - 1_000).toUTCString()
    expect((await get(path, { 'If-Modified-Since': before })).status).toBe(200)
    expect((await get(path, { 'If-Modified-Since': 'yesterday' })).status).toBe(200)
  })

  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const)('comes in %s to a reader that takes it, with a tag of its own', async (coding, unpack) => {
    const plain = await get(path)
    const packed = await get(path, { 'Accept-Encoding': coding })
    expect(packed.headers['content-encoding']).toBe(coding)
    expect(packed.headers.etag).not.toBe(plain.headers.etag)
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length)
    expect(unpack(packed.bytes).toString()).toBe(plain.text)
    const held = { 'Accept-Encoding': coding, 'If-None-Match': packed.headers.etag ?? '' }
    expect((await get(path, held)).status).toBe(304)
    expect((await get(path, { ...held, 'Accept-Encoding': 'identity' })).status).toBe(200)
  })

  it('has the same headers for HEAD, and no body', async () => {
    const [whole, head] = [await get(path), await get(path, {}, 'HEAD')]
    const { date: _whole, ...expected } = whole.headers
    const { date: _head, ...found } = head.headers
    expect([head.status, found, head.bytes.length]).toEqual([200, expected, 0])
  })

  it('is read by pages of the sites that may read the feed, and by no other', async () => {
    const allowed = await get(path, { Origin: OTHER })
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([200, OTHER])
    expect(allowed.headers['access-control-expose-headers']).toBe('ETag, Retry-After')
    const refused = await get(path, { Origin: 'https://evil.example' })
    expect([refused.status, problem(refused.text).code]).toEqual([403, 'origin-refused'])
    const asks = { 'Access-Control-Request-Method': 'GET' }
    expect((await get(path, { ...asks, Origin: OTHER }, 'OPTIONS')).status).toBe(204)
    expect((await get(path, { ...asks, Origin: 'https://evil.example' }, 'OPTIONS')).status).toBe(403)
    expect((await get(path, {}, 'OPTIONS')).headers.allow).toBe('GET, HEAD, OPTIONS')
  })

  it('refuses every other method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const { status, headers, text } = await get(path, {}, method)
      expect([method, status, headers.allow, problem(text).code]).toEqual([
        method,
        405,
        'GET, HEAD, OPTIONS',
        'method-not-allowed',
      ])
    }
  })

  it('has the addresses of the server as the reader knows it', async () => {
    const { text } = await get(path, { Host: 'news.example:81', 'X-Forwarded-Proto': 'https' })
    if (!/^(lines|ninjs)/.test(format)) expect(text).toContain('https://news.example:81/')
    expect((await get(path, { Host: 'evil.example/x' })).status).toBe(400)
  })

  it('of one headline has that headline', async () => {
    const one = await get(`/feeds/en/headlines/${line.id}/${format}`)
    expect(one.status).toBe(200)
    expect(one.text).toContain('…')
    expect(one.text).not.toContain('A second line')
    const none = await get(`/feeds/en/headlines/${'x'.repeat(22)}/${format}`)
    expect([none.status, problem(none.text).code]).toEqual([404, 'no-such-headline'])
  })

  it('has the words of a headline until it is held or withdrawn, and no longer', async () => {
    const [first, second] = await system.publish('en', ['Held for a while', 'Gone for good'])
    const shows = async (text: string) => (await get(path)).text.includes(text)
    await eventually('both show', 20_000, async () => (await shows('Held for')) && shows('Gone for'))
    await system.hold('en', first!.headline)
    await system.withdraw('en', second!.headline)
    await eventually(
      'neither shows',
      20_000,
      async () => !(await shows('Held for')) && !(await shows('Gone for')),
    )
    const { text } = await get(path)
    for (const event of [first!, second!]) expect(text).toContain(event.headline.id)
    const gone = await get(`/feeds/en/headlines/${second!.headline.id}/${format}`)
    expect([gone.status, gone.text.includes('Gone for')]).toEqual([200, false])
    await system.resume('en', { ...first!.headline, version: 2 })
    await eventually('it shows again', 20_000, () => shows('Held for'))
    await system.expire('en', { ...first!.headline, version: 3 })
    await eventually('it has left', 20_000, async () => !(await get(path)).text.includes(first!.headline.id))
  })
})

describe('an address under /feeds/', () => {
  it.each([
    ['/feeds/en/feed.xml', 404, { code: 'no-such-format', formats: formatNames }],
    ['/feeds/en/headlines/x/feed.xml', 404, { code: 'no-such-format' }],
    ['/feeds/en/FEED.JSON', 404, { code: 'no-such-format' }],
    ['/feeds/none/feed.json', 404, { code: 'no-such-feed' }],
    ['/feeds/%ff/feed.json', 400, { code: 'malformed-request' }],
    ['/feeds/en/feed.json?for=wall', 406, { code: 'no-such-projection', projections: ['readers'] }],
    ['/feeds/en/feed.json?for=screen', 406, { code: 'no-such-projection' }],
    ['/feeds/en/feed.json?corrections=all', 400, { code: 'invalid-query' }],
    ['/feeds/en/feed.json?drill=2', 400, { code: 'invalid-query' }],
    ['/feeds/en', 404, { code: 'no-such-route' }],
    ['/feeds/en/feed.json/', 404, { code: 'no-such-route' }],
  ])('%s is refused with %d', async (path, status, body) => {
    const answer = await get(path)
    expect([answer.status, problem(answer.text)]).toEqual([status, expect.objectContaining(body)])
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('may be asked for by its whole address, as a proxy does', async () => {
    const client = new RawClient(system.port)
    client.send(`GET ${system.url}/feeds/en/feed.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(await client.answer()).toBe(200)
    client.close()
  })
})

it('a feed whose index of what was taken back cannot be read has no documents yet, and all else', async () => {
  const other = await startSystem()
  try {
    await other.store.redis.set(other.store.keys.feed('broken').takenBack, 'not a hash')
    await other.createFeed({ id: 'broken', lang: 'en' })
    await other.serves('broken')
    const answer = await getDocument(`${other.url}/feeds/broken/feed.json`)
    expect([answer.status, problem(answer.text).code]).toEqual([503, 'feed-loading'])
    expect(answer.headers).toHaveProperty('retry-after')
    await other.store.redis.del(other.store.keys.feed('broken').takenBack)
    await eventually('it is read', 20_000, async () => {
      return (await getDocument(`${other.url}/feeds/broken/feed.json`)).status === 200
    })
  } finally {
    await other.close()
  }
})

it('a gateway that starts later knows what was taken back', async () => {
  const [held, gone] = await system.publish('en', ['Held before the start', 'Gone before the start'])
  await system.hold('en', held!.headline)
  await system.withdraw('en', gone!.headline)
  const late = await startSystem({ REDIS_PREFIX: system.prefix }, 'gateway')
  try {
    const { text } = await getDocument(`${late.url}/feeds/en/feed.json`)
    const items = (JSON.parse(text) as { items: { id: string; title: string }[] }).items
    const titled = (id: string) => items.find((item) => item.id.endsWith(id))?.title
    expect([titled(held!.headline.id), titled(gone!.headline.id)]).toEqual(['On hold', 'Withdrawn'])
  } finally {
    await late.close()
  }
})

describe('the formats of a feed', () => {
  it('are named by the snapshot, all of them', async () => {
    const { headers } = await get('/v1/feeds/en')
    const links = [...String(headers.link).matchAll(/<([^>]+)>; rel="alternate"; type="([^"]+)"/g)]
    expect(links.map(([, path]) => path)).toEqual(formatNames.map((format) => `/feeds/en/${format}`))
    for (const [, path = '', type = ''] of links)
      expect([path, (await get(path)).headers['content-type']?.split(';')[0]]).toEqual([path, type])
  })

  it.each(['/', '/embed/en'])(
    'are named by the page %s, those that programs look for there',
    async (page) => {
      const { text } = await get(page)
      const links = text.match(/<link rel="alternate" href="\/feeds\/en\/[^>]+>/g) ?? []
      expect(links).toHaveLength(3)
      expect(links[1]).toMatch(
        /href="\/feeds\/en\/rss.xml" type="application\/rss\+xml" title="[^"]+ \(RSS\)"/,
      )
    },
  )
})
