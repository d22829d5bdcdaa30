import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { startSystem, type System } from '../support/system.ts'

let system: System
let behindProxy: System
beforeAll(async () => {
  system = await startSystem()
  behindProxy = await startSystem({ TRUST_PROXY: 1 })
})
afterAll(() => Promise.all([system.close(), behindProxy.close()]))

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
}

/** The head of an answer; fetch would not send these headers, methods and targets. */
function headOf(
  path: string,
  {
    method = 'GET',
    headers = {},
    of = system,
    localAddress = '127.0.0.1',
  }: { method?: string; headers?: object; of?: System; localAddress?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = of
    const asked = httpRequest(
      { host: '127.0.0.1', port, path, method, localAddress, headers: { ...headers } },
      (answer) => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers })
        answer.destroy()
      },
    )
    asked.on('error', reject).end()
  })
}

describe('a path', () => {
  it.each([
    ['/metrics', '/METRICS', '/metrics/'],
    ['/healthz', '/Healthz', '/healthz/'],
    ['/readyz', '/READYZ', '/readyz/'],
    ['/v1/feeds', '/V1/FEEDS', '/v1/feeds/'],
    ['/v1/feeds/en', '/v1/Feeds/en', '/v1/feeds/en/'],
    ['/v1/feeds/en/events', '/v1/feeds/en/EVENTS', '/v1/feeds/en/events/'],
    ['/v1/feeds/en/strip.html', '/v1/feeds/en/strip.HTML', '/v1/feeds/en/strip.html/'],
    ['/feeds/en/feed.json', '/FEEDS/en/feed.json', '/feeds/en/feed.json/'],
    ['/embed', '/EMBED', '/embed/'],
    ['/embed/en', '/Embed/en', '/embed/en/'],
    ['/embed/v1.js', '/EMBED/v1.js', '/embed/v1.js/'],
    ['/page/page.css', '/PAGE/page.css', '/page/page.css/'],
    ['/widget/v1.js', '/Widget/v1.js', '/widget/v1.js/'],
    ['/showcase/en', '/Showcase/en', '/showcase/en/'],
    ['/v1/openapi.json', '/v1/OpenAPI.json', '/v1/openapi.json/'],
    ['/problems/invalid-body', '/Problems/invalid-body', '/problems/invalid-body/'],
  ])('%s is served as it is written, and neither as %s nor as %s', async (path, inCapitals, withSlash) => {
    expect([path, (await headOf(path)).status]).toEqual([path, 200])
    for (const other of [inCapitals, withSlash])
      expect([other, (await headOf(other)).status]).toEqual([other, 404])
  })
})

describe('/metrics without a token', () => {
  it.each(['localhost', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST:1'])(
    'answers a client here that asks %s',
    async (host) => {
      expect((await headOf('/metrics', { headers: { host } })).status).toBe(200)
    },
  )

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:80',
    'evil.example:localhost',
    '10.0.0.1',
  ])('answers no client that asks %s, which is a name of another site for this computer', async (host) => {
    expect((await headOf('/metrics', { headers: { host } })).status).toBe(403)
  })
})

describe('/metrics', () => {
  it.each([
    ['came through a proxy', { headers: { 'x-forwarded-for': '192.0.2.1' } }],
    ['came through a proxy that says so in the standard header', { headers: { forwarded: 'for=192.0.2.1' } }],
    // Linux has all of 127.0.0.0/8, so this stands for another computer.
    ['comes from another address', { localAddress: '127.0.0.2' }],
  ])('without a token answers no request that %s', async (_what, request) => {
    expect((await headOf('/metrics', request)).status).toBe(403)
  })

  it('with a token answers who has it, from anywhere, and nobody else', async () => {
    const token = 'a-token-of-32-characters-at-least'
    const of = await startSystem({ METRICS_TOKEN: token })
    const statusWith = async (authorization?: string) =>
      (
        await headOf('/metrics', {
          of,
          localAddress: '127.0.0.2',
          headers: { host: 'metrics.example', ...(authorization !== undefined && { authorization }) },
        })
      ).status
    expect([
      await statusWith(`Bearer ${token}`),
      await statusWith(`Bearer ${token}x`),
      await statusWith(),
    ]).toEqual([200, 403, 403])
    expect((await headOf('/metrics', { of })).status).toBe(403)
    await of.close()
  })
})

describe('HEAD', () => {
  const stream = { accept: 'text/event-stream' }
  it.each([
    ['/v1/feeds', {}],
    ['/v1/feeds/en', {}],
    ['/v1/feeds/en/events', {}],
    ['/v1/feeds/en/events', stream],
    ['/v1/feeds/none/events', stream],
    ['/v1/feeds/en/events?after=x', stream],
    ['/v1/feeds/en/live', {}],
    ['/v1/feeds/en/strip.html', {}],
    ['/feeds/en/rss.xml', {}],
    ['/feeds/none/rss.xml', {}],
    ['/embed/en', {}],
    ['/embed', {}],
    ['/', {}],
    ['/widget/v1.js', {}],
    ['/metrics', {}],
    ['/healthz', {}],
    ['/nowhere', {}],
  ])('%s %j has the status and the headers of GET', async (path, headers) => {
    const [get, head] = [await headOf(path, { headers }), await headOf(path, { method: 'HEAD', headers })]
    const same = ({ status, headers }: Answer) => {
      const {
        date: _date,
        'x-request-id': _id,
        ratelimit: _left,
        'content-length': length,
        'transfer-encoding': _coding,
        ...rest
      } = headers
      // The measurements change from one request to the next.
      return { status, ...rest, length: path === '/metrics' ? '' : length }
    }
    expect(same(head)).toEqual(same(get))
  })
})

describe('Strict-Transport-Security', () => {
  const paths = [
    '/v1/feeds',
    '/',
    '/embed/en',
    '/v1/openapi.json',
    '/v1/feeds/en/strip.html',
    '/feeds/en/atom.xml',
  ]
  const https = { 'x-forwarded-proto': 'https' }
  it.each(paths)('of %s is sent over https, and over http not', async (path) => {
    const sent = async (of: System, headers: object) =>
      (await headOf(path, { of, headers })).headers['strict-transport-security'] !== undefined
    expect(await sent(behindProxy, https)).toBe(true)
    expect(await sent(behindProxy, { 'x-forwarded-proto': 'http' })).toBe(false)
    expect(await sent(behindProxy, {})).toBe(false)
    // Without a proxy in front, a client may claim anything.
    expect(await sent(system, https)).toBe(false)
  })
})

describe('Content-Security-Policy', () => {
  const policyOf = async (path: string, asked: Parameters<typeof headOf>[1] = {}): Promise<unknown> =>
    (await headOf(path, asked)).headers['content-security-policy']

  it.each([
    ['GET', '/v1/feeds'],
    ['GET', '/v1/feeds/en'],
    ['GET', '/v1/feeds/en?section=A'],
    ['GET', '/v1/feeds/en/events'],
    ['GET', '/v1/feeds/en/live'],
    ['GET', '/v1/feeds/none/events'],
    ['OPTIONS', '/v1/feeds/en'],
    ['GET', '/feeds/en/feed.json'],
    ['GET', '/feeds/en/nothing'],
    ['OPTIONS', '/feeds/en/feed.json'],
    ['GET', '/v1/openapi.json'],
    ['GET', '/problems/invalid-body'],
    ['GET', '/v1/session'],
    ['POST', '/v1/feeds/en/headlines'],
    ['DELETE', '/v1/feeds'],
    ['GET', '/v1/nothing'],
    ['GET', '/nothing'],
  ])('of an answer to programs allows nothing: %s %s', async (method, path) => {
    const headers = { Origin: 'https://news.example', 'Access-Control-Request-Method': 'GET' }
    const nothing = "default-src 'none';frame-ancestors 'none'"
    expect(await policyOf(path, { method, headers })).toBe(nothing)
    const stream = { method, headers: { Accept: 'text/event-stream' } }
    expect(await policyOf(path, stream)).toBe(nothing)
  })

  it.each([
    '/',
    '/how-to-post',
    '/showcase',
    '/embed',
    '/embed/en',
    '/embed/none',
    '/oembed?url=x',
    '/nothing',
  ])('of the page %s does not send its files to https, where the server may not listen', async (path) => {
    const policy = await policyOf(path, { headers: { Accept: 'text/html' } })
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('upgrade-insecure-requests')
  })
})

it('OPTIONS * tells the methods of the server', async () => {
  const answer = await headOf('*', { method: 'OPTIONS' })
  expect(answer).toMatchObject({ status: 204, headers: { allow: 'DELETE, GET, HEAD, OPTIONS, POST, PUT' } })
  const gateway = await startSystem({}, 'gateway')
  expect((await headOf('*', { method: 'OPTIONS', of: gateway })).headers.allow).toBe('GET, HEAD, OPTIONS')
  await gateway.close()
})
