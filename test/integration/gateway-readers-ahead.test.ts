import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis, type EmbeddedRedis } from '../../scripts/redis-server.mjs'
import { RawClient } from '../support/raw-client.ts'
import { startSystem, type System } from '../support/system.ts'

/** A tail check or sweep that does not come while a test runs. */
const NEVER_MS = 3_600_000
/** Within the time that a reader who is ahead is kept waiting. */
const PAUSE_MS = 400

let folder: string
let server: EmbeddedRedis
let redis: Redis
let system: System
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-ahead-'))
  server = await startRedis({ dataDir: join(folder, 'redis'), admin: true })
  redis = new Redis(server.urlFor('admin'))
})
afterEach(async () => {
  await system.close()
  redis.disconnect()
  server.kill('SIGKILL')
  await server.exited
  await rm(folder, { recursive: true, force: true })
})

/** Gives a position that nobody has reached. */
async function start(overrides: Readonly<Record<string, number>>): Promise<string> {
  const urls = { REDIS_URL: server.urlFor('admin'), ...server.roleUrls(), REDIS_PREFIX: 'fl' }
  system = await startSystem({ ...urls, TAIL_CHECK_MS: NEVER_MS, SWEEP_MS: NEVER_MS, ...overrides })
  const [line] = await system.publish('en', 1)
  return line?.position.replace(/\d+$/, '999999') ?? ''
}

describe('a reader of server-sent events that is further than this gateway', () => {
  it('and goes while the log is read leaves nothing behind', async () => {
    const after = await start({ MAX_CONNECTIONS: 1 })
    await redis.client('PAUSE', PAUSE_MS)
    const client = new RawClient(system.port)
    client.send(
      `GET /v1/feeds/en/events?after=${after} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`,
    )
    // Asked later: its answer tells that the stream has been asked for too.
    await system.snapshot('en')
    client.socket.resetAndDestroy()
    // Waits for the same look at the log, behind the stream.
    expect((await system.page('en', { after })).status).toBe(200)

    expect(await system.metric('sessions{transport="sse"}')).toBe(0)
    expect((await system.stream('en')).response.statusCode).toBe(200)
  })
})
