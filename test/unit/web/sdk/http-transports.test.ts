import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '../../../support/eventually.ts'
import { notTheService } from '../../../support/contract/other-servers.ts'
import type { LinkEnd } from '../../../../web/sdk/connection-state.ts'
import { surroundings, type Environment } from '../../../../web/sdk/environment.ts'
import { FIRST_BYTE_MS, poll, sse, type Follow } from '../../../../web/sdk/http-transports.ts'
import type { Take } from '../../../../web/sdk/link.ts'

type Heard = Parameters<Take>[0]

let server: Server
let answer: RequestListener
let asked: string[]
let waits: number[]
beforeEach(async () => {
  asked = []
  waits = []
  answer = (_request, response) => response.writeHead(500).end()
  const answering = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  server = notTheService(answering).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  server.close()
  server.closeAllConnections()
})

/** Waits are written down and over at once. */
const environment: Environment = {
  ...surroundings(),
  now: () => 1_000,
  setTimeout: (callback, waitMs) => {
    waits.push(waitMs)
    return setTimeout(callback, 0)
  },
}

async function follow(how: Follow, within = environment): Promise<{ heard: Heard[]; end: LinkEnd }> {
  const heard: Heard[] = []
  const ends: LinkEnd[] = []
  await how(within, addressOf(server), new AbortController().signal, (input) => {
    if (input.type !== 'close') heard.push(input)
    else ends.push((({ type: _, ...end }) => end)(input))
  })
  expect(ends).toHaveLength(1)
  return { heard, end: ends[0] ?? {} }
}

function addressOf(answering: Server) {
  const { port } = answering.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/v1/feeds/en`, query: 'section=city' }
}

function refuse(status: number, headers: Record<string, string>, body = ''): void {
  answer = (_request, response) => response.writeHead(status, headers).end(body)
}

describe.each([
  ['a stream', sse],
  ['polls', poll],
] as const)('%s that the server refuses', (_what, how) => {
  it('come again when Retry-After says, in seconds', async () => {
    refuse(503, { 'retry-after': '7' })
    expect((await follow(how)).end).toEqual({ httpStatus: 503, retryAfterMs: 7_000 })
  })

  it('come again when the problem says, in milliseconds, before what Retry-After says', async () => {
    const body = JSON.stringify({ code: 'server-full', retryAfterMs: 1_234 })
    refuse(503, { 'retry-after': '7', 'content-type': 'application/problem+json' }, body)
    expect((await follow(how)).end).toEqual({
      httpStatus: 503,
      problem: 'server-full',
      retryAfterMs: 1_234,
    })
  })

  it.each([
    ['nothing', {}],
    ['a date', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }],
    ['zero', { 'retry-after': '0' }],
    ['a time before now', { 'retry-after': '-5' }],
  ])('are told no time by %s', async (_told, headers) => {
    refuse(404, headers, '{"code":7}')
    expect((await follow(how)).end).toEqual({ httpStatus: 404 })
  })
})

describe('a stream', () => {
  it('is frames, whatever the pieces in which they come', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
      response.write('retry: 1000\n\ndata: {"type":"head","posi')
      setImmediate(() =>
        response.end('tion":"aaaaaaaa:1","serverTime":"x"}\r\n\r\n: word\n\ndata: {"type":"bye"}'),
      )
    }
    const { heard, end } = await follow(sse)
    expect(asked).toEqual(['/v1/feeds/en/events?parts=1&section=city'])
    expect(heard.map(({ type }) => type)).toEqual(['head'])
    expect(end).toEqual({})
  })

  it.each([
    ['no answer', () => undefined],
    [
      'an answer without a byte of the stream',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      },
    ],
  ])('is held back if there is %s for five seconds', async (_what, begin) => {
    let clock = 0
    answer = (_request, response) => {
      begin(response)
    }
    const { heard, end } = await follow(sse, { ...environment, now: () => (clock += 1) })
    expect(end).toEqual({ isHeld: true })
    expect(heard).toEqual([])
    expect(clock).toBeGreaterThanOrEqual(FIRST_BYTE_MS)
  })

  it('that has begun may be silent, and one that ends in order in the middle of a frame was cut', async () => {
    let clock = 0
    let stream: ServerResponse | undefined
    answer = (_request, response) => {
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' })
      stream.write('data: {"type":"unknown"}\n\n')
    }
    const heard: Heard[] = []
    const { signal } = new AbortController()
    const followed = sse({ ...environment, now: () => clock }, addressOf(server), signal, (input) =>
      heard.push(input),
    )
    await eventually('the stream has begun', 20_000, () => heard.length === 1)
    clock = 2 * FIRST_BYTE_MS
    stream?.end('data: {"type":"bye","retryAfterMs":8}')
    await followed
    expect(heard).toEqual([{ type: 'unknown' }, { type: 'close' }])
  })

  it('whose first frame is a bye is not served now, and comes again when the bye says', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('data: {"type":"bye","reason":"draining","retryAfterMs":7000}\n\nretry: 7000\n\n')
    }
    const { heard, end } = await follow(sse)
    expect(heard).toEqual([])
    expect(end).toEqual({ retryAfterMs: 7_000 })
  })

  it('is none where the answer is something else', async () => {
    refuse(200, { 'content-type': 'text/html' }, '<p>Sign in to this network</p>')
    expect((await follow(sse)).end).toEqual({ httpStatus: 200 })
  })
})

describe('polls', () => {
  const page = (position: string, more = false, extra: object = {}) => ({
    position,
    events: [],
    more,
    ...extra,
  })

  it('ask on from where the last answer ended: at once while there is more, and later with a wait', async () => {
    const feed = { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' }
    const pages = [
      page('aaaaaaaa:1', true, { feed }),
      page('aaaaaaaa:2', false, { feed: { id: 'en' } }),
      page('aaaaaaaa:3', false, { stale: true, feed: { ...feed, words: 1 } }),
    ]
    answer = (_request, response) => {
      const next = pages.shift()
      if (next) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(next))
      else response.writeHead(429).end()
    }
    const { heard, end } = await follow(poll)
    const base = '/v1/feeds/en/events?section=city'
    expect(asked).toEqual([
      base,
      `${base}&after=aaaaaaaa%3A1`,
      `${base}&after=aaaaaaaa%3A2&wait=20`,
      `${base}&after=aaaaaaaa%3A3&wait=20`,
    ])
    expect(heard).toMatchObject([
      { type: 'hello', heartbeatMs: 15_000, position: 'aaaaaaaa:1', stale: false, frozen: false, feed },
      // A feed that cannot be read counts as none.
      { type: 'head', position: 'aaaaaaaa:2', stale: false, feed: undefined },
      { type: 'head', position: 'aaaaaaaa:3', stale: true, feed: { ...feed, words: 1 } },
    ])
    // Also where something on the way answers at once.
    expect(waits).toEqual([1_000, 1_000])
    expect(end).toEqual({ httpStatus: 429 })
  })

  it.each([
    ['no position', { events: [] }],
    ['a position that is none', { position: 'x', events: [] }],
    ['no events', { position: 'aaaaaaaa:1' }],
  ])('end at an answer with %s', async (_what, body) => {
    refuse(200, { 'content-type': 'application/json' }, JSON.stringify(body))
    const { heard, end } = await follow(poll)
    expect(end).toEqual({})
    expect(heard).toEqual([])
  })
})

describe('a feed without a place for a stream of its own', () => {
  it('is at most 5 seconds behind', async () => {
    const isStream = (url: string) => url.includes('parts=1')
    let asks = 0
    answer = ({ url = '' }, response) => {
      if (isStream(url)) response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n')
      else if (++asks > 5) response.writeHead(429).end()
      else
        response.writeHead(200).end(JSON.stringify({ position: `aaaaaaaa:${asks}`, events: [], more: false }))
    }
    const browser = { ...environment, addEventListener: () => undefined }
    const page = new AbortController()
    const streams = [0, 1].map(() =>
      sse(browser, addressOf(server), page.signal, () => undefined).catch(() => undefined),
    )
    await eventually('two streams', 5_000, () => asked.filter(isStream).length === 2)
    waits = []
    await follow(sse, browser)
    const gaps = waits.filter((ms) => ms !== FIRST_BYTE_MS)
    expect(gaps).toHaveLength(5)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5_000)
    page.abort()
    await Promise.all(streams)
  })
})
