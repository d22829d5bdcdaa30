import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Headline } from '../../src/protocol/headline.ts'
import { formatNames } from '../../src/protocol/lists/formats.ts'
import { startBuiltService } from '../support/built-service.ts'
import { eventually } from '../support/eventually.ts'
import { getDocument } from '../support/get-document.ts'
import { bearer, partnersOn, type TestPartner } from '../support/partners.ts'
import { startSystem, type System } from '../support/system.ts'

const SITE = 'https://www.acme.example'

/** A feed for partners, `wire`, beside the public feed `en` and another feed for partners, `vault`. */
let system: System
let partners: ReturnType<typeof partnersOn>
let acme: TestPartner
let line: Headline
beforeAll(async () => {
  system = await startSystem()
  partners = partnersOn(system)
  for (const id of ['wire', 'vault']) await system.createFeed({ id, lang: 'en', visibility: 'partners' })
  acme = await served(await partners.make(['wire'], { origins: [SITE] }))
  const [event] = await system.publish('wire', [
    { text: 'Cup final', section: 'sport', urgency: 'urgent' },
    { text: 'Budget', section: 'money', urgency: 'flash' },
  ])
  line = event!.headline
  await eventually('both show', 20_000, async () => {
    const { text } = await get('/feeds/wire/lines.csv', bearer(acme.key))
    return text.includes('Cup final') && text.includes('Budget')
  })
})
afterAll(() => system.close())

const get = (path: string, headers: Record<string, string> = {}) => getDocument(system.url + path, headers)
const codeOf = ({ text }: { readonly text: string }) => (JSON.parse(text) as { code: string }).code
const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

async function served(partner: TestPartner): Promise<TestPartner> {
  await eventually('the key is known', 20_000, async () => {
    return (await system.snapshot('wire', bearer(partner.key))).status === 200
  })
  return partner
}

describe.each(formatNames)('the document %s of a feed for partners', (format) => {
  const path = `/feeds/wire/${format}`

  it('is there for a key, as Bearer or as the password of Basic, and for a token', async () => {
    const token = await partners.token(acme)
    const answers = await Promise.all([
      get(path, bearer(acme.key)),
      get(path, basic(acme.id, acme.key)),
      get(path, basic('anything', acme.key)),
      get(path, bearer(token)),
      get(`${path}?token=${token}`),
    ])
    for (const { status, text, headers } of answers) {
      expect([status, text]).toEqual([200, answers[0].text])
      expect(text).toContain('Cup final')
      expect(headers).toMatchObject({
        etag: answers[0].headers.etag,
        'cache-control': 'private, max-age=1, stale-while-revalidate=2',
        vary: 'Accept-Encoding, Origin, Authorization',
        ratelimit: expect.stringMatching(/^"requests-per-partner"; r=\d+; t=\d+/),
        'ratelimit-policy': expect.stringMatching(/^"requests-per-partner"; q=600; w=60/),
      })
      expect(text + JSON.stringify(headers)).not.toContain(token)
      expect(text + JSON.stringify(headers)).not.toContain(acme.key)
    }
    const held = { ...basic(acme.id, acme.key), 'If-None-Match': answers[0].headers.etag ?? '' }
    const same = await get(path, held)
    expect([same.status, same.headers['cache-control']]).toEqual([304, answers[0].headers['cache-control']])
  })

  it('is not there for anybody else, as if there were no such feed', async () => {
    const unknown = await get(`/feeds/nowhere/${format}`)
    expect([unknown.status, codeOf(unknown)]).toEqual([404, 'no-such-feed'])
    const { 'www-authenticate': challenge } = unknown.headers
    expect(challenge).toBeUndefined()
    for (const [each, headers] of [
      [path, {}],
      [path, basic('reader', 'a password of a proxy')],
      [path, system.authorization],
      [`/feeds/vault/${format}`, bearer(acme.key)],
      [`/feeds/vault/${format}`, basic(acme.id, acme.key)],
      [`/feeds/wire/headlines/${line.id}/${format}`, {}],
    ] as [string, Record<string, string>][]) {
      const { status, text, headers: found } = await get(each, headers)
      expect([each, status, text]).toEqual([each, 404, unknown.text])
      expect(Object.keys(found).filter((name) => !name.startsWith('ratelimit'))).toEqual(
        Object.keys(unknown.headers),
      )
    }
  })

  it('of one headline is there for a partner', async () => {
    const one = await get(`/feeds/wire/headlines/${line.id}/${format}`, basic('', acme.key))
    expect([one.status, one.text.includes('Cup final'), one.text.includes('Budget')]).toEqual([
      200,
      true,
      false,
    ])
  })
})

describe('a wrong key', () => {
  const wrong = 'fp_0123456789abcdef_x'

  it('is refused on every feed, whether there is one or not', async () => {
    for (const feed of ['wire', 'en', 'nowhere'])
      for (const headers of [bearer(wrong), basic('acme', wrong)]) {
        const answer = await get(`/feeds/${feed}/rss.xml`, headers)
        expect([feed, answer.status, codeOf(answer)]).toEqual([feed, 401, 'partner-refused'])
      }
  })

  it('is answered with the schemes that its reader knows: no dialog opens over a page', async () => {
    const asBasic = await get('/feeds/wire/rss.xml', basic('acme', wrong))
    expect(asBasic.headers['www-authenticate']).toMatch(/^Basic realm="flashline".*, Bearer realm/)
    for (const answer of [
      await get('/feeds/wire/rss.xml', bearer(wrong)),
      await get('/feeds/wire/rss.xml?token=a.b.c'),
    ])
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="flashline"')
  })

  it('is asked for at an address with auth=basic, on every feed', async () => {
    for (const feed of ['wire', 'en', 'nowhere']) {
      const { status, headers } = await get(`/feeds/${feed}/rss.xml?auth=basic`)
      expect([feed, status]).toEqual([feed, 401])
      expect(headers['www-authenticate']).toMatch(/^Basic /)
    }
    const answer = await get('/feeds/wire/rss.xml?auth=basic', basic('acme', acme.key))
    expect([answer.status, answer.text.includes('auth=')]).toEqual([200, false])
    expect((await get('/feeds/wire/rss.xml?auth=digest', bearer(acme.key))).status).toBe(400)
  })
})

describe('a program that sends its password only when it is asked', () => {
  const address = () => `${system.url}/feeds/wire/rss.xml?auth=basic`
  const python = `import sys, urllib.request as r
passwords = r.HTTPPasswordMgrWithDefaultRealm()
passwords.add_password(None, sys.argv[1], 'acme', sys.argv[2])
opener = r.build_opener(r.HTTPBasicAuthHandler(passwords))
print(opener.open(sys.argv[1]).read().decode())`

  it.each([
    ['curl', () => ['-sS', '--fail', '--anyauth', '--user', `acme:${acme.key}`, address()]],
    ['python3', () => ['-c', python, address(), acme.key]],
  ])('reads a document: %s', async (program, argumentsOf) => {
    const told = await promisify(execFile)(program, argumentsOf()).catch((error: unknown) => {
      // It is not installed here.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    })
    if (told) expect(told.stdout).toContain('Cup final')
  })
})

it('a revoked key opens no document from then on', async () => {
  const left = await served(await partners.make(['wire']))
  const token = await partners.token(left)
  const path = '/feeds/wire/feed.json'
  expect((await get(path, basic('', left.key))).status).toBe(200)
  await partners.revoke(left)
  await eventually('the key is refused', 5_000, async () => {
    return (await get(path, basic('', left.key))).status === 401
  })
  expect((await get(`${path}?token=${token}`)).status).toBe(401)
})

it('a page of a site of the partner reads with a token, and no other page does', async () => {
  const path = '/feeds/wire/feed.json'
  const token = await partners.token(acme, { origin: SITE })
  const read = await get(path, { ...bearer(token), Origin: SITE })
  expect(read.headers).toMatchObject({
    'access-control-allow-origin': SITE,
    'access-control-expose-headers': 'ETag, Retry-After, RateLimit, RateLimit-Policy',
  })
  const other = await get(path, { ...bearer(token), Origin: 'https://evil.example' })
  expect([other.status, codeOf(other)]).toEqual([403, 'origin-refused'])
  const asked = { 'Access-Control-Request-Method': 'GET', Origin: SITE }
  const preflight = await getDocument(system.url + path, asked, 'OPTIONS')
  expect([preflight.status, preflight.headers['access-control-allow-headers']]).toEqual([
    204,
    expect.stringContaining('Authorization'),
  ])
})

describe('a filter', () => {
  const textsAt = async (query: string, headers: Record<string, string> = bearer(acme.key)) => {
    const answer = await get(`/feeds/wire/lines.json${query}`, headers)
    if (answer.status !== 200) return codeOf(answer)
    return (JSON.parse(answer.text) as { lines: { text: string }[] }).lines.map(({ text }) => text).sort()
  }

  it('narrows a document as it narrows the snapshot', async () => {
    expect(await textsAt('')).toEqual(['Budget', 'Cup final'])
    expect(await textsAt('?section=sport')).toEqual(['Cup final'])
    expect(await textsAt('?urgency=flash')).toEqual(['Budget'])
    expect(await textsAt('?section=sport&urgency=flash')).toEqual([])
    expect(await textsAt('?urgency=loud')).toBe('invalid-query')
    expect(await textsAt('?section=Sport!')).toBe('invalid-query')
    const faulty = await get('/feeds/wire/lines.json?urgency=loud', bearer(acme.key))
    for (const word of ['flash', 'bulletin', 'urgent', 'routine']) expect(faulty.text).toContain(word)
    const { text } = await get('/feeds/wire/atom.xml?urgency=urgent&section=sport,money', bearer(acme.key))
    expect(text).toContain('/feeds/wire/atom.xml?section=money,sport&amp;urgency=urgent"')
  })

  it('of the partner holds in every document, and the request may narrow it', async () => {
    const sports = await served(await partners.make(['wire'], { filter: { section: ['sport'] } }))
    expect(await textsAt('', bearer(sports.key))).toEqual(['Cup final'])
    expect(await textsAt('?section=sport', basic('', sports.key))).toEqual(['Cup final'])
    expect(await textsAt('?urgency=flash', bearer(sports.key))).toEqual([])
    expect(await textsAt('?section=money', bearer(sports.key))).toBe('filter-refused')
    // The next reader without that filter gets all again.
    expect(await textsAt('')).toEqual(['Budget', 'Cup final'])
    const { headline } = (await system.publish('wire', [{ text: 'Markets', section: 'money' }]))[0]!
    await eventually('it shows', 20_000, async () => (await textsAt('')).includes('Markets'))
    const one = await get(`/feeds/wire/headlines/${headline.id}/feed.json`, bearer(sports.key))
    expect([one.status, codeOf(one)]).toEqual([404, 'no-such-headline'])
  })
})

it('counts a partner with its limit and its use', async () => {
  const small = await served(await partners.make(['wire'], { limits: { requestsPerMinute: 8 } }))
  let last = await get('/feeds/wire/feed.json', bearer(small.key))
  const { length } = last.bytes
  for (let tries = 0; tries < 8 && last.status === 200; tries++)
    last = await get('/feeds/wire/feed.json', bearer(small.key))
  expect([last.status, codeOf(last)]).toEqual([429, 'too-many-requests'])
  expect(Number(last.headers['retry-after'])).toBeGreaterThan(1)
  expect((await get('/feeds/wire/feed.json', bearer(acme.key))).status).toBe(200)
  await eventually('the use is written', 30_000, async () => {
    const { requests, bytes } = (await partners.usage(small)).total
    return requests >= 8 && bytes > 5 * length
  })
})

it('a public feed keeps the headers and the tag of its documents, with a key or without', async () => {
  const both = await served(await partners.make(['wire', 'en']))
  const open = await get('/feeds/en/feed.json')
  expect(open.headers).toMatchObject({
    'cache-control': 'public, max-age=1, stale-while-revalidate=2',
    vary: 'Accept-Encoding, Origin',
  })
  expect(open.headers).not.toHaveProperty('ratelimit')
  const byProxy = await get('/feeds/en/feed.json', basic('user', 'of a proxy'))
  expect(byProxy.headers['cache-control']).toBe(open.headers['cache-control'])
  const keyed = await get('/feeds/en/feed.json', bearer(both.key))
  expect([keyed.headers.etag, keyed.headers['cache-control']]).toEqual([
    open.headers.etag,
    'private, max-age=1, stale-while-revalidate=2',
  ])
})

it('no token or key is in the log of the service, whatever it logs', async () => {
  const output: string[] = []
  const service = await startBuiltService({ LOG_LEVEL: 'trace' }, (text) => output.push(text))
  try {
    const token = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl'
    const key = 'fp_0123456789abcdef_secret'
    for (const path of ['/feeds/en/rss.xml', '/feeds/nowhere/rss.xml', '/v1/feeds/en'])
      for (const [query, headers] of [
        [`?token=${token}`, {}],
        ['?auth=basic', basic('x', key)],
        ['', bearer(key)],
      ] as [string, Record<string, string>][])
        expect((await getDocument(service.url + path + query, headers)).status).not.toBe(500)
  } finally {
    await service.stop()
  }
  const log = output.join('')
  expect(log).toContain('"event"')
  expect(log).not.toContain('c2lnbmF0dXJl')
  expect(log).not.toContain('fp_0123456789abcdef_secret')
})
