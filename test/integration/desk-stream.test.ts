import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { request } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { compareAndWrite } from '../../src/eventlog/store/compare-and-write.ts'
import { lastEventIdParameters } from '../../src/protocol/last-event-id.ts'
import type { Role } from '../../src/protocol/lists/roles.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { DeskReader } from '../support/desk-reader.ts'
import { eventually } from '../support/eventually.ts'
import { createTestFeed } from '../support/redis.ts'

/** A request and the status of its refusal. */
interface Asked {
  readonly name: string
  readonly key?: string
  readonly role?: Role
  readonly of?: string
  readonly feed?: string
  readonly after?: string
  readonly status: number
}

let api: TestApi
let listeners: DeskReader[] = []

beforeEach(async () => {
  api = await startApi({ heartbeatMs: 200 })
})
afterEach(async () => {
  for (const listener of listeners) listener.drop()
  listeners = []
  await api.close()
})

describe('the stream of the desk', () => {
  it('begins after the newest audit entry, and continues with every act', async () => {
    await act(2)
    const listener = await listen()
    expect(await listener.first('hello')).toMatchObject({ feed: 'en', after: 2, heartbeatMs: 200 })
    expect(listener.lastEventId).toBe('2')
    await act(3)
    await listener.has(3)
    expect(listener.entries).toEqual([3, 4, 5])
    expect(listener.frames.find(({ entry }) => entry)).toEqual({
      type: 'audit',
      entry: {
        ...{ n: 3, at: expect.any(String), feed: 'en', action: 'save', detail: { words: '' } },
        act: { by: 'key:test', person: 'bootstrap', name: 'test' },
      },
    })
  })

  it('loses and repeats no entry over a reconnect', async () => {
    const [whole, cut] = [await listen(), await listen()]
    await act(5)
    await cut.has(5)
    cut.drop()
    await act(250)
    const back = await listen({ headers: { 'Last-Event-ID': cut.lastEventId } })
    await act(50)
    await back.has(300)
    await whole.has(305)
    expect([...cut.entries, ...back.entries]).toEqual(whole.entries)
    expect(whole.entries).toEqual(Array.from({ length: 305 }, (_, index) => index + 1))
    expect(back.lastEventId).toBe('305')
  })

  it('frees its place if its listener leaves before it begins', async () => {
    for (let attempt = 0; attempt < 50; attempt++) {
      const asking = request(`${api.url}/v1/feeds/en/desk`, {
        headers: { Authorization: `Bearer ${api.keys.editor}` },
      })
      asking.on('error', () => undefined).end()
      await once(asking, 'finish')
      await setImmediate()
      asking.destroy()
    }
    const listener = await listen()
    expect(await listener.first('hello')).toMatchObject({ feed: 'en' })
    await eventually('only the last listener is connected', 20_000, () => api.desk.size === 1)
  })

  it('replays from the beginning on request, and `after` takes precedence over Last-Event-ID', async () => {
    await act(3)
    const listener = await listen({ after: 0, headers: { 'Last-Event-ID': '2' } })
    await listener.has(3)
    expect(listener.entries).toEqual([1, 2, 3])
  })

  it.each(lastEventIdParameters)('resumes from `%s` in the address, as a polyfill sends it', async (name) => {
    await act(3)
    const listener = await listen({ query: { [name]: '1' } })
    await listener.has(2)
    expect(listener.entries).toEqual([2, 3])
  })

  it('finds entries without a doorbell', async () => {
    const listener = await listen()
    await listener.first('hello')
    const by = { by: 'key:test', person: 'bootstrap', name: 'test' }
    const entry = JSON.stringify({ n: 1, at: new Date().toISOString(), feed: 'en', action: 'save', act: by })
    await api.store.redis.xadd(api.store.keys.feed('en').audit, '1-0', 'c', '0'.repeat(40), 'a', entry)
    await listener.has(1)
  })

  it('sends heads with the number of its last entry', async () => {
    await act(1)
    const listener = await listen()
    expect(await listener.first('head')).toMatchObject({ n: 1, serverTime: expect.any(String) })
  })

  it('carries receipts', async () => {
    const listener = await listen()
    await listener.first('hello')
    const position = 'abcdefgh:1'
    const events = [{ position, times: [[3, 4]] }]
    const report = { feed: 'en', gateway: 'g1', number: 1, readers: 4, events }
    await api.store.redis.publish(api.store.keys.feed('en').written, JSON.stringify(report))
    expect(await listener.first('receipt')).toEqual({
      type: 'receipt',
      position,
      ...{ written: 4, p50Ms: 3, p99Ms: 3 },
      gateways: [{ id: 'g1', readers: 4, written: 4, p50Ms: 3, p99Ms: 3 }],
    })
    expect(listener.lastEventId).toBe('0')
  })

  it('carries entries of its own feed only', async () => {
    const other = await createTestFeed(api.store, { id: 'sport' })
    const [listener, sport] = [await listen(), await listen({}, other.id)]
    await act(1)
    await act(1, { feed: other.id })
    await sport.has(1)
    await listener.has(1)
    expect(listener.frames.find(({ entry }) => entry)).toMatchObject({ entry: { feed: 'en' } })
    expect(sport.frames.find(({ entry }) => entry)).toMatchObject({ entry: { feed: 'sport' } })
  })

  it('ends when the key is revoked, without a further entry', async () => {
    const key = await api.keyFor('reporter', 'en')
    const listener = await listen({}, 'en', key)
    await listener.first('hello')
    const { status } = await api.request(`/v1/keys/${/^fl_([0-9a-f]+)_/.exec(key)?.[1]}`, {
      method: 'DELETE',
      key: api.keys.admin,
    })
    expect(status).toBe(204)
    await act(1)
    await listener.end()
    expect(listener.frames.at(-1)).toEqual({ type: 'bye', reason: 'revoked' })
    expect(listener.entries).toEqual([])
  })

  it('closes the connection of a listener that reads nothing, and no other', async () => {
    const [slow, quick] = [await listen(), await listen({}, 'en', api.keys.admin)]
    await slow.first('hello')
    slow.response.socket.pause()
    await act(1_500, { words: 'x'.repeat(10_000) })
    await quick.has(1_500)
    await eventually('only the quick one is left', 10_000, () => api.desk.size === 1)
    slow.response.socket.resume()
    await slow.end()
    const back = await listen({ headers: { 'Last-Event-ID': slow.lastEventId } })
    await back.has(1_500 - slow.entries.length)
    expect([...slow.entries, ...back.entries]).toEqual(quick.entries)
  })

  it('ends when the server stops, and accepts no more listeners', async () => {
    const listener = await listen()
    await listener.first('hello')
    api.desk.close()
    await listener.end()
    expect(listener.frames.at(-1)).toEqual({ type: 'bye', reason: 'draining' })
    expect((await listen()).response.statusCode).toBe(503)
  })

  it('is open ten times for one caller, and still for others', async () => {
    for (let open = 0; open < 10; open++) await listen()
    const refused = await listen()
    expect(refused.response.statusCode).toBe(429)
    expect(refused.response.headers['retry-after']).toBe('5')
    expect((await listen({}, 'en', api.keys.admin)).response.statusCode).toBe(200)
    listeners[0]!.drop()
    await eventually('there is room again', 20_000, async () => (await listen()).response.statusCode === 200)
  })

  it.each<Asked>([
    { name: 'an unknown key', key: 'nobody', status: 401 },
    { name: 'a caller who may only read', role: 'reader', status: 403 },
    { name: 'a reporter of another feed', role: 'reporter', of: 'sport', status: 403 },
    { name: 'an unknown feed', feed: 'nn', status: 404 },
    { name: 'an `after` that is no number', after: 'x', status: 400 },
    { name: 'an entry that does not exist yet', after: '1', status: 400 },
  ])('refuses $name', async ({ key, role = 'reporter', of = '*', feed = 'en', after, status }) => {
    const answer = await listen({ ...(after && { after }) }, feed, key ?? (await api.keyFor(role, of)))
    expect(answer.response.statusCode).toBe(status)
    expect(answer.response.headers['content-type']).toBe('application/problem+json')
  })

  it('answers HEAD without a stream', async () => {
    const url = `${api.url}/v1/feeds/en/desk`
    const answer = await fetch(url, {
      method: 'HEAD',
      headers: { Authorization: `Bearer ${api.keys.editor}` },
    })
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  })

  it('is in the OpenAPI description', async () => {
    const { body } = await api.request('/v1/openapi.json')
    expect(body.paths['/v1/feeds/{feed}/desk']?.get?.responses).toHaveProperty([
      '200',
      'content',
      'text/event-stream',
    ])
  })
})

async function listen(
  options: Parameters<typeof DeskReader.open>[2] = {},
  feed = 'en',
  key = api.keys.editor,
): Promise<DeskReader> {
  const listener = await DeskReader.open(`${api.url}/v1/feeds/${feed}/desk`, key, options)
  listeners.push(listener)
  return listener
}

/** Performs acts that only write audit entries. */
async function act(times: number, { feed = 'en', words = '' } = {}): Promise<void> {
  const who = { by: 'key:test', person: 'bootstrap', name: 'test' }
  for (let done = 0; done < times; done++) {
    await compareAndWrite(api.store, feed, [], { action: 'save', act: who, detail: { words } })
  }
}
