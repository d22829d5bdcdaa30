import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { RawClient } from '../support/raw-client.ts'
import { startSystem, type System } from '../support/system.ts'

const ALLOWED = 'https://news.example'
const paths = [
  '/v1/feeds',
  '/v1/feeds/en',
  '/v1/feeds/en/events',
  '/v1/feeds/en/strip.html',
  '/feeds/en/rss.xml',
]

let system: System
let open: System
beforeAll(async () => {
  ;[system, open] = await Promise.all([
    startSystem({ ALLOWED_ORIGINS: ALLOWED }),
    startSystem({ ALLOWED_ORIGINS: '*' }),
  ])
})
afterAll(() => Promise.all([system.close(), open.close()]))

interface Answer {
  readonly status: number | 'closed'
  readonly headers: ReadonlyMap<string, string>
}

async function options(
  path: string,
  headers: Readonly<Record<string, string>>,
  of = system,
): Promise<Answer> {
  const client = new RawClient(of.port)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  client.send(`OPTIONS ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.join('')}\r\n`)
  const status = await client.answer()
  await client.end()
  const head = client.received.toString().split('\r\n\r\n')[0]?.split('\r\n').slice(1) ?? []
  return {
    status,
    headers: new Map(
      head.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.replace(/^[^:]*: /, '')]),
    ),
  }
}

const asks = (origin: string, method = 'GET') => ({
  Origin: origin,
  'Access-Control-Request-Method': method,
  'Access-Control-Request-Headers': 'last-event-id',
})
const permissions = ({ headers }: Answer) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'))

describe.each(paths)('a preflight of %s', (path) => {
  it.each(['GET', 'HEAD'])(
    'lets a page of an allowed origin send the headers that resume, with %s',
    async (method) => {
      const answer = await options(path, asks(ALLOWED, method))
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-origin')).toBe(ALLOWED)
      expect(answer.headers.get('access-control-allow-methods')).toBe('GET, HEAD')
      expect(answer.headers.get('access-control-allow-headers')).toBe(
        'Authorization, Cache-Control, If-None-Match, Last-Event-ID',
      )
      expect(answer.headers.get('vary')).toMatch('Origin')
      expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
    },
  )

  it('lets a page of any origin do so if `*` is allowed', async () => {
    const answer = await options(path, asks('https://anywhere.example'), open)
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://anywhere.example')
  })

  it.each(['https://evil.example', 'null', `${ALLOWED}.evil.example`, 'not a url'])(
    'gives the origin %s nothing',
    async (origin) => {
      const answer = await options(path, asks(origin))
      expect(answer.status).toBe(403)
      expect(permissions(answer)).toEqual([])
    },
  )

  it('gives no permission to post, and none to a request that is no preflight', async () => {
    expect(permissions(await options(path, asks(ALLOWED, 'POST')))).toEqual([])
    expect(permissions(await options(path, { Origin: ALLOWED }))).toEqual([])
    expect(permissions(await options(path, { 'Access-Control-Request-Method': 'GET' }))).toEqual([])
  })
})

it('a page of an allowed origin may read the headers that resume', async () => {
  for (const path of paths) {
    const { headers } = await fetch(`${system.url}${path}`, { headers: { Origin: ALLOWED } })
    expect([path, headers.get('access-control-expose-headers')]).toEqual([path, 'ETag, Retry-After'])
    const refused = await fetch(`${system.url}${path}`, { headers: { Origin: 'https://evil.example' } })
    expect([path, refused.status]).toEqual([path, 403])
    expect(refused.headers.has('access-control-expose-headers')).toBe(false)
    const program = await fetch(`${system.url}${path}`)
    expect(program.headers.has('access-control-allow-origin')).toBe(false)
  }
})
