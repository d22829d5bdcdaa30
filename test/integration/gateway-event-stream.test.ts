import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { EventFrame, Frame } from '../../src/protocol/frames.ts'
import { lastEventIdParameters } from '../../src/protocol/last-event-id.ts'
import { withMark } from '../../src/protocol/position.ts'
import { eventually } from '../support/eventually.ts'
import { RawClient } from '../support/raw-client.ts'
import { startSystem, type System } from '../support/system.ts'

const FOREIGN = 'zzzzzzzz:1'
const types = (frames: readonly Frame[]) => frames.map(({ type }) => type)

/** An event's position with its mark. */
const idOf = (event: EventFrame | undefined) => withMark(event?.position ?? '', event?.mark)

let system: System
beforeAll(async () => {
  system = await startSystem({ RESUME_EVENTS: 1_000 })
})
afterAll(() => system.close())

describe('a reader of server-sent events', () => {
  it('gets the same frames, each with its position as the id if it has one', async () => {
    const [shown] = await system.publish('en', ['Shown before the stream'])
    const stream = await system.stream('en')
    const reader = await system.connect('en')
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    })
    const events = await system.publish('en', 3)

    const seen = [await stream.next(), await stream.next(), ...(await stream.take(3))]
    expect(types(seen)).toEqual(['hello', 'reset', 'event', 'event', 'event'])
    expect(seen[1]).toMatchObject({ reason: 'start', position: shown?.position })
    expect(seen.slice(2)).toEqual(events)
    expect(await reader.take(3)).toEqual(events)
    expect(stream.ids.slice(0, 5)).toEqual([undefined, idOf(shown), ...events.map(idOf)])
  })

  it('gets chunks over HTTP/1.1, and a body that ends with the connection over HTTP/1.0', async () => {
    const [line] = await system.publish('en', ['Sent in one chunk: Ñandú'])
    const ask = async (version: string) => {
      const client = new RawClient(system.port)
      client.send(`GET /v1/feeds/en/events HTTP/${version}\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`)
      await eventually('the strip', 20_000, () => client.received.includes(line?.position ?? ''))
      return client
    }
    const [chunked, old] = [await ask('1.1'), await ask('1.0')]
    const [event] = await system.publish('en', ['The next chunk'])
    const text = `id: ${idOf(event)}\ndata: ${JSON.stringify(event)}\n\n`
    const size = Buffer.byteLength(text).toString(16)
    await eventually('the chunk', 20_000, () => chunked.received.includes(`\r\n${size}\r\n${text}\r\n`))
    await eventually('the event', 20_000, () => old.received.toString().endsWith(`}\n\n${text}`))
    expect(chunked.received.toString()).toMatch(/^Transfer-Encoding: chunked\r$/m)
    expect(old.received.toString()).not.toMatch(/transfer-encoding/i)
    expect(await system.metric('sessions{transport="sse"}')).toBeGreaterThanOrEqual(2)
    for (const client of [chunked, old]) client.close()
  })

  it('resumes from Last-Event-ID', async () => {
    const [first, ...missed] = await system.publish('en', 4)
    const stream = await system.stream('en', { headers: { 'Last-Event-ID': first?.position ?? '' } })
    expect(await stream.untilType('hello')).toBeDefined()
    expect([await stream.next(), await stream.next(), await stream.next()]).toEqual(missed)
    expect(stream.lastEventId).toBe(idOf(missed[2]))
  })

  it('resumes from `after` rather than from Last-Event-ID', async () => {
    const [first, second, third] = await system.publish('en', 3)
    const headers = { 'Last-Event-ID': first?.position ?? '' }
    const stream = await system.stream('en', { after: second?.position ?? '', headers })
    expect(await stream.take(1)).toEqual([third])
  })

  it('gets a reset for a position of another epoch', async () => {
    const stream = await system.stream('en', { headers: { 'Last-Event-ID': FOREIGN } })
    expect(await stream.untilType('reset')).toMatchObject({ reason: 'epoch' })
  })

  it.each(lastEventIdParameters)('resumes from `%s` in the address, as a polyfill sends it', async (name) => {
    const [first, ...missed] = await system.publish('en', 3)
    const stream = await system.stream('en', { query: { [name]: first?.position ?? '' } })
    expect(await stream.take(2)).toEqual(missed)
  })

  it('resumes from the header rather than from a parameter of a polyfill, and from `after` rather than both', async () => {
    const [first, second, third] = await system.publish('en', 3)
    const query = { lastEventId: first?.position ?? '', evs_last_event_id: FOREIGN }
    expect(await (await system.stream('en', { query })).take(1)).toEqual([second])
    const headers = { 'Last-Event-ID': second?.position ?? '' }
    expect(await (await system.stream('en', { query, headers })).take(1)).toEqual([third])
    const after = second?.position ?? ''
    expect(await (await system.stream('en', { query: { ...query, after } })).take(1)).toEqual([third])
  })

  it.each([
    ['after', '?after=en:one', {}],
    ['Last-Event-ID', '', { 'Last-Event-ID': 'en:one' }],
    ['lastEventId', '?lastEventId=en:one', {}],
    ['lastEventId', '?lastEventId=', {}],
    ['lastEventId', `?lastEventId=${FOREIGN}&lastEventId=${FOREIGN}`, {}],
    ['evs_last_event_id', '?evs_last_event_id=en:one', {}],
  ])('gets 400, which names %s, for an invalid position: %s %j', async (name, query, headers) => {
    const accept = { accept: 'text/event-stream', ...headers }
    const answer = await system.get(`/v1/feeds/en/events${query}`, accept)
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'invalid-position', detail: expect.stringContaining(`${name}: `) },
    })
    expect(answer.headers.get('content-type')).toMatch('application/problem+json')
  })
})
