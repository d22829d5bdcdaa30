import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { openStore } from '../../src/eventlog/store/store.ts'
import { problems } from '../../src/protocol/problems.ts'
import { Cluster, editorKey } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { SseReader } from '../support/sse-reader.ts'
import { WsReader } from '../support/ws-reader.ts'

const HOUR = 3_600_000
const LIMIT_MS = 10_000
const FEED = 'canary'
const lines = `/v1/feeds/${FEED}/headlines`

let cluster: Cluster
/** All texts that readers, a subscriber of Redis and the process logs have received since the start. */
const heard: string[] = []
const close: (() => unknown)[] = []

beforeAll(async () => {
  cluster = await Cluster.start({ env: { LOG_LEVEL: 'debug' } })
  const created = await ask('POST', '/v1/feeds', {
    id: FEED,
    title: 'Canary',
    lang: 'en',
    policy: {
      alone: { urgent: 'nobody' },
      undoMs: { bulletin: 600_000, routine: 0 },
      maxDriftMs: 1_000,
    },
  })
  expect(created.status).toBe(201)
  await eventually('the gateway serves the feed', LIMIT_MS, async () => {
    const { status } = await fetch(`${gatewayUrl()}/v1/feeds/${FEED}`)
    return status === 200
  })
  await listen()
}, 60_000)
afterAll(async () => {
  for (const each of close) each()
  await cluster.close()
})

const gatewayUrl = () => cluster.gateways[0]?.url ?? ''
const apiUrl = () => cluster.apis[0]?.url ?? ''
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()

interface Answer {
  readonly status: number
  readonly body: {
    readonly headline: { readonly id: string; readonly version: number; readonly status: string }
  }
}

async function ask(method: string, path: string, body: object, version?: number): Promise<Answer> {
  const answer = await fetch(`${apiUrl()}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${editorKey}`,
      'content-type': 'application/json',
      ...(version !== undefined && { 'if-match': `"${version}"` }),
    },
    ...(method !== 'GET' && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Answer['body'] }
}

async function write(line: object): Promise<string> {
  const { status, body } = await ask('POST', lines, line)
  expect([201, 202]).toContain(status)
  return body.headline.id
}

async function act(id: string, action: string, version: number, body: object, status: string): Promise<void> {
  const answer = await ask('POST', `${lines}/${id}/${action}`, body, version)
  expect(answer.body).toMatchObject({ headline: { status } })
}

async function listen(): Promise<void> {
  const [sse, ws] = [
    await SseReader.open(`${gatewayUrl()}/v1/feeds/${FEED}/events`),
    await new WsReader(`${gatewayUrl().replace('http', 'ws')}/v1/feeds/${FEED}/live`).connect(),
  ]
  close.push(
    () => sse.drop(),
    () => ws.drop(),
  )
  for (const reader of [sse, ws]) {
    const put = reader.put.bind(reader)
    reader.put = (frame) => {
      heard.push(JSON.stringify(frame))
      put(frame)
    }
  }
  const subscriber = cluster.redisAs('admin')
  subscriber.on('pmessage', (_pattern: string, channel: string, message: string) =>
    heard.push(`${channel} ${message}`),
  )
  await subscriber.psubscribe('*')
  close.push(() => subscriber.disconnect())
}

/** The answers of every process to requests without a key. */
async function publicAnswers(): Promise<string[]> {
  const { position } = (await (await fetch(`${gatewayUrl()}/v1/feeds/${FEED}`)).json()) as {
    position: string
  }
  const [epoch] = position.split(':')
  const feed = `/v1/feeds/${FEED}`
  const paths = [
    '/',
    '/v1/feeds',
    ...['', '?urgency=routine', '?section=city'].map((query) => `${feed}${query}`),
    ...['', `?after=${epoch}:0`, `?after=${position}`, `?after=${epoch}:0&limit=1`].map(
      (query) => `${feed}/events${query}`,
    ),
    ...[
      lines,
      `${feed}/audit`,
      `${feed}/policy`,
      `${feed}/freeze`,
      '/v1/stories/canary',
      '/v1/keys',
      '/v1/audit',
    ],
    ...['/healthz', '/readyz', '/metrics', '/v1/openapi.json'],
    ...Object.keys(problems).map((code) => `/problems/${code}`),
  ]
  const urls = cluster.members.flatMap(({ url }) => paths.map((path) => `${url}${path}`))
  return Promise.all(
    urls.map(async (url) => {
      const answer = await fetch(url)
      const headers = JSON.stringify([...answer.headers])
      return `${url} ${answer.status} ${headers} ${await answer.text()}`
    }),
  )
}

/** The streams of new readers, from the start of the log. */
async function freshStreams(): Promise<string[]> {
  const { position } = (await (await fetch(`${gatewayUrl()}/v1/feeds/${FEED}`)).json()) as {
    position: string
  }
  const after = `${position.split(':')[0]}:0`
  const sse = await SseReader.open(`${gatewayUrl()}/v1/feeds/${FEED}/events?after=${after}`)
  const ws = await new WsReader(`${gatewayUrl().replace('http', 'ws')}/v1/feeds/${FEED}/live`).connect(after)
  const seen: string[] = []
  for (const reader of [sse, ws]) {
    for (;;) {
      const frame = await reader.next()
      seen.push(JSON.stringify(frame))
      if ('position' in frame && frame.type !== 'hello' && frame.position === position) break
    }
    reader.drop()
  }
  return seen
}

/** All data of the feed that the gateway's Redis user can read. */
async function gatewaysRedis(): Promise<string[]> {
  const redis = cluster.redisAs('gateway')
  const { definition, head, log, strip } = redisKeys().feed(FEED)
  const read = await Promise.all([
    redis.get(definition),
    redis.hmget(head, 'epoch', 'seq', 'chain', 'since', 'frozen'),
    redis.hvals(strip),
    redis.xrange(log, '-', '+'),
  ])
  redis.disconnect()
  return [JSON.stringify(read)]
}

const logged = () => cluster.members.flatMap(({ log }) => log.map((line) => JSON.stringify(line)))

async function etag(): Promise<string | null> {
  return (await fetch(`${gatewayUrl()}/v1/feeds/${FEED}`)).headers.get('etag')
}

it('the text of a headline is public nowhere before its release, and nowhere after its withdrawal', async () => {
  const shown = { urgency: 'routine', section: 'city', story: 'canary' }
  const [held, proposed, gone] = [
    await write({ text: 'Public line one', ...shown }),
    await write({ text: 'Public line two', ...shown }),
    await write({ text: 'zqcanarywithdrawn is public now', ...shown }),
  ]
  await act(held, 'hold', 1, { reason: 'zqcanaryreason of the newsroom' }, 'held')
  await eventually('the subscriber has all messages', LIMIT_MS, () =>
    Promise.resolve(heard.filter((each) => each.includes('"op":"hold"')).length >= 3),
  )
  const before = { etag: await etag(), redis: await gatewaysRedis() }

  const ids: Record<string, string> = {}
  const unreleased = async (name: string, extra: object) => {
    const id = await write({
      text: `zqcanary${name} canary`,
      source: `zqcanary${name}`,
      note: `zqcanary${name}`,
      ...shown,
      ...extra,
    })
    ids[name] = id
    return id
  }
  await unreleased('draft', { then: 'keep' })
  await unreleased('pending', { then: 'submit' })
  await act(
    await unreleased('returned', { then: 'submit' }),
    'return',
    1,
    { reason: 'zqcanarywhy' },
    'returned',
  )
  await act(
    await unreleased('rejected', { then: 'submit' }),
    'reject',
    1,
    { reason: 'zqcanarywhy' },
    'rejected',
  )
  await act(await unreleased('discarded', { then: 'keep' }), 'discard', 1, {}, 'discarded')
  const embargoed = await unreleased('embargoed', { releaseAt: inMs(HOUR) })
  await act(embargoed, 'save', 1, { text: 'zqcanaryedited canary' }, 'due')
  await unreleased('undoable', { urgency: 'bulletin' })
  await act(await unreleased('undone', { urgency: 'bulletin' }), 'undo', 1, {}, 'draft')
  const cancelled = await unreleased('cancelled', { releaseAt: inMs(HOUR) })
  await act(cancelled, 'withdraw', 1, { note: 'zqcanarynote canary' }, 'withdrawn')
  await act(held, 'correct', 2, { text: 'zqcanaryheld canary' }, 'held')
  await act(proposed, 'correct', 1, { text: 'zqcanaryproposed canary', urgency: 'urgent' }, 'live')
  await late(await unreleased('late', { releaseAt: inMs(HOUR) }))

  const answers = await publicAnswers()
  const published = [...answers, ...(await freshStreams()), ...(await gatewaysRedis()), ...heard]
  // By now the desk channel has had messages, and sweeps and heartbeats have run.
  await eventually('the desk is rung', LIMIT_MS, () =>
    Promise.resolve(heard.some((each) => each.startsWith(`fl:{${FEED}}:desk `))),
  )
  const words = (text: string) => text.match(/zqcanary(?!withdrawn)\w+/g) ?? []
  expect(published.flatMap(words)).toEqual([])
  expect(logged().flatMap(words)).toEqual([])
  expect(logged().length).toBeGreaterThan(10)
  for (const id of Object.values(ids)) expect(published.filter((text) => text.includes(id))).toEqual([])
  expect(await etag()).toBe(before.etag)
  expect(await gatewaysRedis()).toEqual(before.redis)

  // The same search finds a released text, so the search works.
  await act(embargoed, 'release', 2, {}, 'live')
  await eventually('the headline is released', LIMIT_MS, async () => (await etag()) !== before.etag)
  for (const place of [await publicAnswers(), await freshStreams(), await gatewaysRedis()])
    expect(place.flatMap(words)).toContain('zqcanaryedited')
  await eventually('both readers and the channel have it', LIMIT_MS, () =>
    Promise.resolve(heard.filter((each) => each.includes('zqcanaryedited')).length >= 3),
  )

  const ended = await ask('POST', `${lines}/${gone}/withdraw`, { note: 'It was not true.' })
  expect(ended.body.headline.status).toBe('withdrawn')
  const seenBefore = heard.length
  await eventually('the withdrawal is served', LIMIT_MS, async () =>
    (await publicAnswers()).every((each) => !each.includes('zqcanarywithdrawn')),
  )
  expect((await freshStreams()).filter((each) => each.includes('zqcanarywithdrawn'))).toEqual([])
  expect(heard.slice(seenBefore).filter((each) => each.includes('zqcanarywithdrawn'))).toEqual([])
}, 60_000)

/** A headline that was due an hour ago, as if no worker had run since. */
async function late(id: string): Promise<void> {
  const redis = cluster.redisAs('admin')
  const { due } = redisKeys().feed(FEED)
  const member = (await redis.zrange(due, '0', '-1')).find((each) => each.endsWith(id)) ?? ''
  await redis.zadd(due, String(Date.now() - HOUR), member)
  await releaseDue(openStore(redis, { keptEvents: 10_000 }), FEED)
  redis.disconnect()
  const { status } = (await ask('GET', `${lines}/${id}`, {})).body as unknown as { status: string }
  expect(status).toBe('needs-decision')
}
