import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { RawClient } from '../support/raw-client.ts'
import { shippedProxies } from '../support/shipped-proxies.ts'
import { SseReader } from '../support/sse-reader.ts'
import { startProxy, type RunningProxy } from '../support/start-proxy.ts'
import { startSystem, type System } from '../support/system.ts'
import { WsReader } from '../support/ws-reader.ts'

const DOWNLOAD_TIMEOUT_MS = 300_000
/** A held event comes with the next heartbeat, so the limit of each wait is far below it. */
const HEARTBEAT_MS = 25_000
const PROMPT_MS = 10_000

let system: System
beforeAll(async () => {
  system = await startSystem({ HEARTBEAT_MS, TRUST_PROXY: 1 })
})
afterAll(() => system.close())

describe.each(shippedProxies)('through $name as it is shipped', (shipped) => {
  let proxy: RunningProxy
  beforeAll(async () => {
    proxy = await startProxy(shipped, system.port)
  }, DOWNLOAD_TIMEOUT_MS)
  afterAll(() => proxy.close())

  it('the first event of each stream comes at once, and each event after it', async () => {
    const streams = await Promise.all([1, 2, 3].map(() => SseReader.open(`${proxy.url}/v1/feeds/en/events`)))
    const socket = await new WsReader(`${proxy.url.replace('http', 'ws')}/v1/feeds/en/live`).connect()
    const readers = [...streams, socket]
    for (const reader of readers) {
      await reader.untilType('hello', PROMPT_MS)
      await reader.untilType('reset', PROMPT_MS)
    }
    for (const [line] of [await system.publish('en', 1), await system.publish('en', 1)])
      for (const reader of readers) await reader.received(line, PROMPT_MS)
    for (const reader of readers) reader.drop()
  })

  it('the first event comes at once to a reader that speaks HTTP/1.0', async () => {
    const client = new RawClient(Number(new URL(proxy.url).port))
    client.send('GET /v1/feeds/en/events HTTP/1.0\r\nHost: news.example\r\nAccept: text/event-stream\r\n\r\n')
    await eventually('the first events have come', PROMPT_MS, () =>
      client.received.includes('"type":"reset"'),
    )
    expect(client.received.toString()).toContain('data: {"type":"hello"')
    client.close()
  })
})
