import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis, type EmbeddedRedis } from '../../scripts/support/redis-server.mjs'
import { eventually } from '../support/eventually.ts'
import { RawClient } from '../support/raw-client.ts'
import { startSystem, type System } from '../support/system.ts'
import type { Refused } from '../support/ws-reader.ts'

/** An interval of tail checks and sweeps that is longer than a test. */
const NEVER_MS = 3_600_000
const READERS = 50
/** The least time between two reads on behalf of readers. */
const CATCH_UP_GAP_MS = 100
const LIMIT_MS = 60_000
/** Shorter than the time for which a reader that is ahead waits. */
const PAUSE_MS = 400

let folder: string
let server: EmbeddedRedis
let redis: Redis
let system: System
let monitor: Redis
let reads = 0
let moments = 0
/** The newest moment that the monitor has seen. */
let seen = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-ahead-'))
  server = await startRedis({ dataDir: join(folder, 'redis'), admin: true })
  redis = new Redis(server.urlFor('admin'))
  monitor = await new Redis(server.urlFor('admin')).monitor()
  monitor.on('monitor', (_time: string, [command = '', key = '']: string[], source: string) => {
    if (source === 'lua') return
    if (command.toLowerCase() === 'xrange' && key.endsWith(':log')) reads++
    if (command.toLowerCase() === 'echo') seen = key
  })
})
afterEach(async () => {
  await system.close()
  monitor.disconnect()
  redis.disconnect()
  server.kill('SIGKILL')
  await server.exited
  await rm(folder, { recursive: true, force: true })
})

/** Starts a system. Returns a position beyond the head of its log. */
async function start(overrides: Readonly<Record<string, number>>): Promise<string> {
  const urls = { REDIS_URL: server.urlFor('admin'), ...server.roleUrls(), REDIS_PREFIX: 'fl' }
  system = await startSystem({ ...urls, TAIL_CHECK_MS: NEVER_MS, SWEEP_MS: NEVER_MS, ...overrides })
  const [line] = await system.publish('en', 1)
  return line?.position.replace(/\d+$/, '999999') ?? ''
}

/** The number of reads of feed logs so far, by commands of the gateway; scripts of the api read the audit. */
async function logReads(): Promise<number> {
  const moment = `until here ${++moments}`
  await redis.echo(moment)
  await eventually('the monitor has seen it', LIMIT_MS, () => seen === moment)
  return reads
}

const statusOf = (connecting: Promise<unknown>) =>
  connecting.then(
    () => 101,
    (refusal: unknown) => (refusal as Refused).status,
  )

describe('readers that claim to be ahead of this gateway', () => {
  it('share reads of the log', async () => {
    const after = await start({})
    const before = await logReads()
    const begun = performance.now()
    const all = Array.from({ length: READERS }, () => [
      statusOf(system.connect('en', { after })),
      system.stream('en', { after }).then(({ response }) => response.statusCode),
      system.page('en', { after }).then(({ status }) => status),
    ]).flat()
    // On a busy computer the read may take longer than a reader waits for it: such a reader comes back.
    expect([101, 200, 503]).toEqual(expect.arrayContaining(await Promise.all(all)))
    // One read for all readers of a gap; the requests take as many gaps as the computer is busy.
    const gaps = Math.ceil((performance.now() - begun) / CATCH_UP_GAP_MS)
    expect((await logReads()) - before).toBeLessThanOrEqual(gaps + 1)
  })

  it('cause no read if there is no slot for them', async () => {
    const after = await start({ MAX_CONNECTIONS: 1 })
    await system.connect('en')
    const before = await logReads()
    expect(await statusOf(system.connect('en', { after }))).toBe(503)
    expect(await (await system.stream('en', { after })).next()).toMatchObject({ code: 'server-full' })
    expect(await logReads()).toBe(before)
  })

  it('free their slots when they are told to come back', async () => {
    const after = await start({ MAX_CONNECTIONS: 1 })
    server.kill('SIGKILL')
    await server.exited
    for (let round = 0; round < 3; round++) {
      const refused = await system.connect('en', { after }).catch((refusal: unknown) => refusal as Refused)
      expect(JSON.parse((refused as Refused).body)).toMatchObject({ code: 'feed-loading' })
      await eventually('its slot is free', LIMIT_MS, async () => {
        const frame = await (await system.stream('en', { after })).next()
        return frame.type === 'bye' && frame.code === 'feed-loading'
      })
    }
  })
})

describe('readers that are behind', () => {
  it('get the missing events from memory', async () => {
    const after = (await start({})).replace(/\d+$/, '0')
    const released = await system.publish('en', 20)
    const before = await logReads()
    const readers = await Promise.all(Array.from({ length: READERS }, () => system.connect('en', { after })))
    const streams = await Promise.all(Array.from({ length: READERS }, () => system.stream('en', { after })))
    const newest = released.at(-1)
    await Promise.all([...readers, ...streams].map((reader) => reader.received(newest, LIMIT_MS)))
    expect((await system.page('en', { after })).body).toMatchObject({ position: newest?.position })
    expect(await logReads()).toBe(before)
  })
})

describe('a reader of server-sent events that is ahead of this gateway', () => {
  it('and leaves while the log is read leaves no session or slot behind', async () => {
    const after = await start({ MAX_CONNECTIONS: 1 })
    await redis.client('PAUSE', PAUSE_MS)
    const client = new RawClient(system.port)
    client.send(
      `GET /v1/feeds/en/events?after=${after} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`,
    )
    // This request is later, so its answer shows that the stream's request has arrived too.
    await system.snapshot('en')
    client.socket.resetAndDestroy()
    // This page waits for the same read of the log, after the stream.
    await eventually(
      'the log is read',
      LIMIT_MS,
      async () => (await system.page('en', { after })).status === 200,
    )

    expect(await system.metric('sessions{transport="sse"}')).toBe(0)
    expect((await system.stream('en')).response.statusCode).toBe(200)
  })
})
