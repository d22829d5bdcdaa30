import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readConfig } from '../../src/platform/config.ts'
import { formatNames } from '../../src/protocol/lists/formats.ts'
import { eventually } from '../support/eventually.ts'
import { getDocument } from '../support/get-document.ts'
import { RawClient } from '../support/raw-client.ts'
import { shippedProxies } from '../support/shipped-proxies.ts'
import { SseReader } from '../support/sse-reader.ts'
import { startProxy, type RunningProxy } from '../support/start-proxy.ts'
import { startSystem, systemKey, type System } from '../support/system.ts'
import { WsReader } from '../support/ws-reader.ts'

const DOWNLOAD_TIMEOUT_MS = 300_000
/** A proxy that buffers holds a line back until its buffer is full: for minutes. */
const PROMPT_MS = 10_000
const HEARTBEAT_MS = 1_000

describe.each(shippedProxies)('through $name as it is shipped', (shipped) => {
  let system: System
  let proxy: RunningProxy
  let edge = ''

  beforeAll(async () => {
    system = await startSystem({ HEARTBEAT_MS, TRUST_PROXY: 1 })
    proxy = await startProxy(shipped, system.port)
    edge = proxy.url
  }, DOWNLOAD_TIMEOUT_MS)

  afterAll(async () => {
    await proxy.close()
    await system.close()
  })

  const webSocket = () => new WsReader(`${edge.replace('http', 'ws')}/v1/feeds/en/live`)
  const stream = () => SseReader.open(`${edge}/v1/feeds/en/events`)

  it('a headline arrives on a WebSocket and on server-sent events without a delay', async () => {
    const readers = [await webSocket().connect(), await stream()]
    for (const reader of readers) {
      await reader.untilType('hello', PROMPT_MS)
      await reader.untilType('reset', PROMPT_MS)
    }
    const [line] = await system.publish('en', 1)
    await Promise.all(readers.map((reader) => reader.received(line, PROMPT_MS)))
    for (const reader of readers) reader.drop()
  })

  it('a stream without events stays open from heartbeat to heartbeat', async () => {
    const readers = [await webSocket().connect(), await stream()]
    for (const reader of readers) {
      await reader.untilType('head', PROMPT_MS)
      await reader.untilType('head', PROMPT_MS)
    }
    const [line] = await system.publish('en', 1)
    await Promise.all(readers.map((reader) => reader.received(line, PROMPT_MS)))
    for (const reader of readers) reader.drop()
  })

  it('a reader resumes from its position', async () => {
    const [first, ...missed] = await system.publish('en', 3)
    const reader = await webSocket().connect(first!.position)
    expect(await reader.take(2, PROMPT_MS)).toEqual(missed)
    reader.drop()
  })

  it('a long poll is answered with the next event', async () => {
    const [last] = await system.publish('en', 1)
    const waiting = fetch(`${edge}/v1/feeds/en/events?after=${last!.position}&wait=20`)
    const [line] = await system.publish('en', 1)
    // A page that has begun to wait later, and in vain.
    const inVain = fetch(`${edge}/v1/feeds/en/events?after=${line!.position}&wait=3`)
    expect(await Promise.race([waiting, inVain])).toBe(await waiting)
    expect(await (await waiting).json()).toMatchObject({ events: [line] })
  })

  it('a refusal reaches the reader unchanged', async () => {
    const refused = new WsReader(`${edge.replace('http', 'ws')}/v1/feeds/none/live`).connect()
    await expect(refused).rejects.toMatchObject({
      status: 404,
      body: expect.stringContaining('no-such-feed'),
    })
  })

  it('a client that asks for HTTP/2 posts a headline', async () => {
    const body = '{"text":"By way of Java"}'
    const client = new RawClient(Number(new URL(edge).port))
    client.send(
      [
        'POST /v1/feeds/en/headlines HTTP/1.1',
        'Host: 127.0.0.1',
        `Authorization: Bearer ${systemKey}`,
        'Content-Type: application/json',
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAARAAAAA',
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    )
    expect(await client.answer()).toBe(201)
    client.close()
  })

  it('a page of another site is told whether it may resume', async () => {
    const headers = { Origin: edge, 'Access-Control-Request-Method': 'GET' }
    for (const path of [
      '/v1/feeds',
      '/v1/feeds/en',
      '/v1/feeds/en/events',
      '/v1/feeds/en/strip.html',
      '/feeds/en/rss.xml',
    ])
      expect([path, (await fetch(edge + path, { method: 'OPTIONS', headers })).status]).toEqual([path, 204])
  })

  it.each(formatNames)('the document %s arrives with its bytes and its tag, and as 304', async (format) => {
    const path = `/feeds/en/${format}`
    for (const coding of ['identity', 'gzip', 'br']) {
      const asks = { Host: 'news.example', 'Accept-Encoding': coding }
      // A proxy may hold a document for a second.
      await eventually(`${coding} is the same`, 20_000, async () => {
        const [direct, proxied] = [
          await getDocument(system.url + path, asks),
          await getDocument(edge + path, asks),
        ]
        return (
          proxied.status === 200 &&
          proxied.headers.etag === direct.headers.etag &&
          proxied.headers['content-encoding'] === direct.headers['content-encoding'] &&
          proxied.bytes.equals(direct.bytes)
        )
      })
      const { headers } = await getDocument(edge + path, asks)
      const held = await getDocument(edge + path, { ...asks, 'If-None-Match': headers.etag ?? '' })
      expect([coding, held.status, held.bytes.length]).toEqual([coding, 304, 0])
      expect(headers['cache-control']).toBe('public, max-age=1, stale-while-revalidate=2')
    }
  })

  it('a document loses the words of a withdrawn headline', async () => {
    const [line] = await system.publish('en', ['Soon withdrawn'])
    const shows = async () => (await getDocument(`${edge}/feeds/en/rss.xml`)).text.includes('Soon withdrawn')
    await eventually('it shows', 20_000, shows)
    await system.withdraw('en', line!.headline)
    await eventually('it is gone', 20_000, async () => !(await shows()))
  })

  it('a closed reader frees its slot', async () => {
    const reader = await webSocket().connect()
    await reader.untilType('hello')
    const before = await system.metric('sessions{transport="ws"}')
    reader.drop()
    await eventually('the place is free', 10_000, async () => {
      return (await system.metric('sessions{transport="ws"}')) < before
    })
  })

  it('the page and its lists come from the gateway', async () => {
    const pages = [
      '/',
      '/page/page.css',
      '/showcase',
      '/showcase/ar',
      '/embed',
      '/embed/en',
      '/embed/frame.css',
      '/how-to-post',
    ]
    for (const path of [
      ...pages,
      '/v1/feeds',
      '/v1/feeds/en',
      '/v1/feeds/en/strip.html',
      '/feeds/en/atom.xml',
    ]) {
      expect([path, (await fetch(edge + path)).status]).toEqual([path, 200])
    }
  })

  it('a browser gets a page at an unknown address', async () => {
    const client = new RawClient(Number(new URL(edge).port))
    client.send(
      'GET /no-such-page HTTP/1.1\r\nHost: news.example\r\nAccept: text/html\r\nConnection: close\r\n\r\n',
    )
    await eventually('the page has come', 20_000, () =>
      client.received.includes('There is no page at this address'),
    )
  })

  it('an embed is described with the address of the proxy', async () => {
    const answer = await fetch(`${edge}/oembed?url=${encodeURIComponent(`${edge}/embed/en`)}`)
    expect(await answer.json()).toMatchObject({ provider_url: `${edge}/` })
  })

  it('the metrics are not public', async () => {
    expect((await fetch(`${edge}/metrics`)).status).toBe(404)
  })
})

it('the heartbeat stays below the 60 s after which proxies close a silent connection', () => {
  const REDIS_URL = 'redis://localhost'
  expect(readConfig({ REDIS_URL }).HEARTBEAT_MS).toBeLessThanOrEqual(25_000)
  expect(() => readConfig({ REDIS_URL, HEARTBEAT_MS: '25001' })).toThrow('HEARTBEAT_MS')
})
