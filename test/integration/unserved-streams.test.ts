import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import type { SseReader } from '../support/sse-reader.ts'
import { RawClient } from '../support/raw-client.ts'
import { startSystem, type System } from '../support/system.ts'

let system: System | undefined
const start = async (overrides: Record<string, string | number>) => (system = await startSystem(overrides))
beforeEach(() => {
  system = undefined
})
afterEach(() => system?.close())

/** Expects a stream that has only a `bye`. */
async function expectSentAway(stream: SseReader, bye: object): Promise<void> {
  expect(stream.response.statusCode).toBe(200)
  expect(stream.response.headers['content-type']).toBe('text/event-stream; charset=utf-8')
  expect(stream.response.headers.vary).toMatch('Accept')
  const frame = await stream.next()
  expect(frame).toEqual({ type: 'bye', retryAfterMs: expect.any(Number), ...bye })
  await stream.ended
  expect(stream.retryMs).toBe('retryAfterMs' in frame && frame.retryAfterMs)
  expect(stream.retryMs).toBeGreaterThanOrEqual(1_000)
  expect(stream.ids).toEqual([undefined])
}

describe('an event stream that cannot be served now ends after a bye, without a hello', () => {
  it('while the gateway drains', async () => {
    const running = await start({ DRAIN_MS: 3_000 })
    const stuck = await running.connect('en')
    stuck.pause()
    const stopped = running.stop()
    await expectSentAway(await running.stream('en'), { reason: 'draining' })
    stuck.drop()
    await stopped
  })

  it('when too many readers connect at this moment', async () => {
    const running = await start({ CONNECTS_PER_SECOND: 1 })
    const streams = await Promise.all(Array.from({ length: 20 }, () => running.stream('en')))
    const first = await Promise.all(streams.map((stream) => stream.next()))
    const sentAway = streams.filter((_, n) => first[n]?.type === 'bye')
    expect(sentAway.length).toBeGreaterThan(0)
    expect(first.filter(({ type }) => type === 'hello').length).toBeGreaterThan(0)
    for (const stream of sentAway) expect(stream.response.statusCode).toBe(200)
    for (const frame of first)
      if (frame.type === 'bye') expect(frame).toMatchObject({ reason: 'unavailable', code: 'server-busy' })
  })

  it('when the gateway is full', async () => {
    const running = await start({ MAX_CONNECTIONS: 1 })
    await running.connect('en')
    await expectSentAway(await running.stream('en'), { reason: 'unavailable', code: 'server-full' })
  })

  it('when its address has too many connections, and is served when one of these has ended', async () => {
    const running = await start({ MAX_CONNECTIONS_PER_IP: 1 })
    const other = await running.connect('en')
    await expectSentAway(await running.stream('en'), { reason: 'unavailable', code: 'too-many-connections' })
    other.drop()
    await eventually('the stream is served', 10_000, async () => {
      const stream = await running.stream('en')
      const { type } = await stream.next()
      stream.drop()
      return type === 'hello'
    })
  })

  it('when its reader key has too many readers', async () => {
    const running = await start({ READER_KEYS: 'acme:1' })
    const query = { key: 'acme' }
    await running.connect('en', { query })
    await expectSentAway(await running.stream('en', { query }), {
      reason: 'unavailable',
      code: 'reader-key-full',
    })
  })

  it('also for HEAD and over HTTP/1.0', async () => {
    const running = await start({ MAX_CONNECTIONS: 1 })
    await running.connect('en')
    const ask = async (line: string) => {
      const client = new RawClient(running.port)
      client.send(`${line}\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`)
      await client.end()
      return client.received.toString()
    }
    expect(await ask('HEAD /v1/feeds/en/events HTTP/1.1')).toMatch(/^HTTP\/1.1 200 .*\r\n\r\n$/s)
    const old = await ask('GET /v1/feeds/en/events HTTP/1.0')
    expect(old).toMatch(/^HTTP\/1.1 200 .*\r\n\r\ndata: \{"type":"bye",.*\}\n\nretry: \d+\n\n$/s)
    expect(old).not.toMatch(/transfer-encoding/i)
  })
})

it('an event stream that can never be served is refused', async () => {
  const running = await start({ MAX_CONNECTIONS: 1, ALLOWED_ORIGINS: 'https://news.example' })
  await running.connect('en')
  const statusOf = async (feed: string, options: Parameters<System['stream']>[1]) =>
    (await running.stream(feed, options)).response.statusCode
  expect(await statusOf('none', {})).toBe(404)
  expect(await statusOf('en', { headers: { Origin: 'https://evil.example' } })).toBe(403)
  expect(await statusOf('en', { after: 'x' })).toBe(400)
  expect(await statusOf('en', { query: { urgency: 'x' } })).toBe(400)
  expect(await statusOf('en', { query: { parts: '2' } })).toBe(400)
})

it('a page that cannot be served now is refused with 503, and one beyond the limit of its address with 429', async () => {
  const strict = await start({ MAX_CONNECTIONS_PER_IP: 1 })
  await strict.connect('en')
  const here = (await strict.snapshot('en')).body.position
  expect(await strict.page('en', { after: here, wait: 1 })).toMatchObject({
    status: 429,
    body: { code: 'too-many-connections' },
  })
  await strict.close()

  const running = await start({ MAX_CONNECTIONS: 1 })
  await running.connect('en')
  const { position } = (await running.snapshot('en')).body
  expect(await running.page('en', { after: position, wait: 1 })).toMatchObject({
    status: 503,
    body: { code: 'server-full' },
  })
})
