import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '../../scripts/support/redis-server.mjs'
import type { Store } from '../../src/eventlog/store/store.ts'
import { readHeadline } from '../../src/eventlog/read-headline.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import type { Page } from '../../src/protocol/frames.ts'
import { contentSchema } from '../../src/protocol/headline.ts'
import { newId, publish, save, withdraw } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { handshake, RawClient } from '../support/raw-client.ts'
import { startSystem, type System } from '../support/system.ts'
import type { Refused } from '../support/ws-reader.ts'

/** More bytes than the socket buffers of this computer hold. */
const BLOCKING_LINES = 1_500
/** An interval that is longer than a test, so that no tail check or sweep runs. */
const NEVER_MS = 3_600_000

const LIVE = '/v1/feeds/en/live'
const NOWHERE = '/v1/feeds/none/live'
const get = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n`
const h2c = (target: string) => get(target, 'Connection: Upgrade\r\nUpgrade: h2c\r\n')

let system: System
const clients: RawClient[] = []
/** Addresses of the clients. */
const ports = new Set<number | undefined>()
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  ports.clear()
  await system.close()
})

function send(bytes: string): RawClient {
  const client = new RawClient(system.port)
  clients.push(client)
  client.socket.once('connect', () => ports.add(client.socket.localPort))
  client.send(bytes)
  return client
}

describe('pipelined behind a waiting long poll', () => {
  it.each([
    ['a WebSocket', handshake(LIVE)],
    ['a WebSocket that is refused', handshake(NOWHERE)],
  ])('%s is not answered before the long poll, and other clients are served', async (_what, behind) => {
    system = await startSystem()
    const witness = await system.connect('en')
    const [last] = await system.publish('en', 1)
    await witness.received(last)
    const client = send(get(`/v1/feeds/en/events?after=${last?.position}&wait=2`) + behind)
    await client.end()
    expect(client.statuses).toEqual([])

    const [next] = await system.publish('en', 1)
    await witness.received(next)
    expect((await fetch(`${system.url}/healthz`)).status).toBe(200)
  })

  it('a request for another protocol is answered after the long poll', async () => {
    system = await startSystem()
    const witness = await system.connect('en')
    const [last] = await system.publish('en', 1)
    await witness.received(last)
    const client = send(get(`/v1/feeds/en/events?after=${last?.position}&wait=20`) + h2c('/healthz'))
    const [next] = await system.publish('en', 1)
    await eventually('both answers', 20_000, () => client.statuses.length === 2)
    const text = client.received.toString()
    expect(text.indexOf(next!.position)).toBeLessThan(text.indexOf('"alive"'))
    expect(text).toContain('"alive"')
  })
})

describe('a reader that receives nothing and has closed its side', () => {
  it('is disconnected after SLOW_READER_MS, on every kind of connection', async () => {
    system = await startSystem({ SLOW_READER_MS: 1_000 })
    await system.flood('en', BLOCKING_LINES)
    const { position } = (await system.snapshot('en')).body
    const after = position.replace(/:\d+$/, ':0')
    const blocked = [
      send(handshake(`${LIVE}?after=${after}`)),
      send(get(`/v1/feeds/en/events?after=${after}`, 'Accept: text/event-stream\r\n')),
    ]
    for (const { socket } of blocked) socket.pause()
    await eventually('both are blocked', 20_000, async () => (await system.metric('sessions_blocked')) === 2)
    for (const { socket } of blocked) socket.end()

    await eventually('no session is left', 20_000, async () => {
      const [ws, sse] = [
        await system.metric('sessions{transport="ws"}'),
        await system.metric('sessions{transport="sse"}'),
      ]
      return ws + sse === 0
    })
    await eventually('no connection is left', 20_000, async () => (await heldConnections()) === 0)
  })
})

describe('an answer that the client does not receive', () => {
  const pages = async () => {
    const after = (await system.snapshot('en')).body.position.replace(/:\d+$/, ':0')
    const client = send(get(`/v1/feeds/en/events?after=${after}&limit=500`).repeat(5))
    client.socket.pause()
    return client
  }

  it('is cut off after SLOW_READER_MS', async () => {
    system = await startSystem({ SLOW_READER_MS: 1_000 })
    await system.flood('en', BLOCKING_LINES)
    await pages()
    await eventually('the connection is held', 20_000, async () => (await heldConnections()) === 1)
    await eventually('the connection is let go', 20_000, async () => (await heldConnections()) === 0)
  })

  it('counts as a connection of the client address', async () => {
    system = await startSystem({ MAX_CONNECTIONS_PER_IP: 4 })
    await system.flood('en', BLOCKING_LINES)
    const first = await pages()
    await eventually('the connection is held', 20_000, async () => (await heldConnections()) === 1)
    for (let more = 0; more < 4; more++) await pages()
    await eventually(
      'the surplus connections are cut off',
      5_000,
      async () => (await heldConnections()) === 1,
    )
    expect((await system.page('en')).status).toBe(200)

    first.close()
    await eventually('a slot is free again', 20_000, async () => (await heldConnections()) === 0)
    await pages()
    await eventually('the connection is held', 20_000, async () => (await heldConnections()) === 1)
  })
})

describe('a refused upgrade', () => {
  it.each([
    ['to an unknown path', handshake(NOWHERE), 404],
    ['to an unknown path, with one more byte', `${handshake(NOWHERE)}x`, 404],
  ])('%s leaves no open connection when the client stays connected', async (_what, bytes, status) => {
    system = await startSystem()
    const refused = Array.from({ length: 20 }, () => send(bytes))
    for (const client of refused) expect(await client.answer()).toBe(status)
    await eventually('every connection is closed', 20_000, async () => (await heldConnections()) === 0)
  })
})

describe('one damaged feed', () => {
  beforeEach(async () => {
    // A change without a doorbell is released only by the sweep.
    system = await startSystem({ SWEEP_MS: 200, TAIL_CHECK_MS: 50 })
    // The id sorts before `en`.
    await system.createFeed({ id: 'aa', lang: 'en' })
    await system.serves('aa')
  })

  it.each([
    ['a log of the wrong type', 'log', 'junk'],
    ['a head of the wrong type', 'head', 'junk'],
    ['a definition that cannot be read', 'definition', '{broken'],
  ] as const)('with %s does not hold up another', async (_what, key, junk) => {
    await damage(system.store, key, junk)
    const reader = await system.connect('en')
    const id = newId()
    await save(system.store, publish(id, 'Nobody has rung'))

    const [event] = await reader.take(1)
    expect(event).toMatchObject({ op: 'publish', headline: { id } })
    expect((await system.snapshot('en')).body).not.toHaveProperty('stale')

    const gateway = await startSystem({ REDIS_PREFIX: system.prefix, LOG_LEVEL: 'silent' }, 'gateway')
    try {
      expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200)
      expect((await gateway.snapshot('en')).body.strip).toMatchObject([{ id }])
    } finally {
      await gateway.close()
    }
  })

  it('whose head is damaged while it is served does not stop the tail checks of other feeds', async () => {
    await damage(system.store, 'head', 'junk')
    const reader = await system.connect('en')
    await eventually('the damaged feed is stale', 20_000, async () => {
      return (await system.metric('feeds_stale')) === 1
    })
    const id = await releaseUnheard(system.store, 'Lost on the way')
    expect(await reader.take(1)).toMatchObject([{ headline: { id } }])
    expect((await system.snapshot('en')).body).not.toHaveProperty('stale')
    expect((await system.snapshot('aa')).body).toMatchObject({ stale: true })
  })
})

describe('a reader whose position is ahead of this gateway', () => {
  type Read = (after: string) => Promise<unknown>
  const ways: [string, Read][] = [
    [
      'a WebSocket',
      async (after) => {
        const reader = await system.connect('en', { after })
        await reader.untilType('hello')
        await system.publish('en', ['Next'])
        return reader.next()
      },
    ],
    [
      'server-sent events',
      async (after) => {
        const reader = await system.stream('en', { after })
        await reader.untilType('hello')
        await system.publish('en', ['Next'])
        return reader.next()
      },
    ],
    [
      'a long-poll',
      async (after) => {
        const page = system.page('en', { after, wait: 5 })
        await system.publish('en', ['Next'])
        const { reset, events } = (await page).body as Page
        return reset ?? events[0]
      },
    ],
  ]

  it.each(ways)('gets the later events over %s, and no reset to an older position', async (_what, read) => {
    system = await startSystem({ TAIL_CHECK_MS: NEVER_MS, SWEEP_MS: NEVER_MS })
    await system.publish('en', ['Known'])
    const id = await releaseUnheard(system.store, 'Seen elsewhere')
    const ahead = (await system.events('en')).at(-1)
    expect(ahead?.headline.id).toBe(id)
    expect((await system.snapshot('en')).body.strip).toHaveLength(1)

    expect(await read(ahead?.position ?? '')).toMatchObject({ type: 'event', headline: { text: 'Next' } })
  })

  it('is asked to retry when Redis is not reachable', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flashline-ahead-'))
    const redis = await startRedis({ dataDir: join(folder, 'redis'), admin: true })
    try {
      const urls = { REDIS_URL: redis.urlFor('admin'), ...redis.roleUrls(), REDIS_PREFIX: 'fl' }
      system = await startSystem({ ...urls, TAIL_CHECK_MS: NEVER_MS })
      const [last] = await system.publish('en', 1)
      const after = last?.position.replace(/\d+$/, (seq) => String(Number(seq) + 1)) ?? ''
      redis.kill('SIGKILL')
      await redis.exited

      const loading = { code: 'feed-loading' }
      expect(await system.page('en', { after })).toMatchObject({ status: 503, body: loading })
      const refused = await system.connect('en', { after }).catch((refusal: unknown) => refusal)
      expect(refused).toMatchObject({ status: 503 })
      expect(JSON.parse((refused as Refused).body)).toMatchObject(loading)
      expect(await (await system.stream('en', { after })).next()).toMatchObject({ type: 'bye', ...loading })
      // A reader whose events this gateway has is still served.
      expect((await system.page('en', { after: last?.position ?? '' })).status).toBe(200)
    } finally {
      redis.kill('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('a headline that expires before it can be released', () => {
  const overdue = () => contentSchema.parse({ text: 'Too late', expiresAt: new Date(0).toISOString() })

  it('is never shown, becomes expired, and can be withdrawn', async () => {
    system = await startSystem({ SWEEP_MS: NEVER_MS })
    const reader = await system.connect('en')
    const [id, next] = [newId(), newId()]
    await save(system.store, publish(id, '-', { content: overdue() }))
    await releaseDue(system.store, 'en')
    expect(await readHeadline(system.store, 'en', id)).toMatchObject({ status: 'expired', version: 1 })

    expect(await save(system.store, withdraw(id))).toMatchObject({
      kind: 'cancelled',
      status: 'withdrawn',
    })
    await save(system.store, publish(next, 'Shown'))
    await releaseDue(system.store, 'en')
    expect(await reader.take(1)).toMatchObject([{ op: 'publish', headline: { id: next } }])
    expect((await system.events('en')).map(({ headline }) => headline.id)).toEqual([next])
    expect(await readHeadline(system.store, 'en', id)).toMatchObject({ status: 'withdrawn', version: 2 })
  })
})

/** Posts to the feed `aa`. */
async function damage(
  { redis, keys }: Store,
  key: 'log' | 'head' | 'definition',
  junk: string,
): Promise<void> {
  await redis.set(keys.feed('aa')[key], junk)
}

/** Releases a headline without a live message. Returns its id. */
async function releaseUnheard(store: Store, text: string): Promise<string> {
  const feed = (id: string) => ({ ...store.keys.feed(id), live: `${store.keys.feed(id).live}:unheard` })
  const id = newId()
  const unheard = { ...store, keys: { ...store.keys, feed } }
  await save(unheard, publish(id, text))
  await releaseDue(unheard, 'en')
  return id
}

/** Number of client connections that the service has open, even when the client has closed its side. */
async function heldConnections(): Promise<number> {
  const portOf = (address = '') => Number.parseInt(address.split(':')[1] ?? '', 16)
  const rows = (await readFile('/proc/self/net/tcp', 'latin1')).trim().split('\n').slice(1)
  return rows.filter((row) => {
    const [, local, remote, , , , , , , inode] = row.trim().split(/\s+/)
    return portOf(local) === system.port && ports.has(portOf(remote)) && inode !== '0'
  }).length
}
