import { afterEach, describe, expect, it } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { startRedis } from '../../scripts/support/redis-server.mjs'
import { eventually } from '../support/eventually.ts'
import { releasesOf, writtenTo } from '../support/receipt.ts'
import { testRedisUrl } from '../support/redis.ts'
import { startSystem, systemKey, type System } from '../support/system.ts'

/** More bytes than the socket buffers of this computer hold. */
const BLOCKING_LINES = 1_500
const LIMIT_MS = 60_000
/** More time than a busy computer needs to accept a headline. */
const AHEAD_MS = 5_000

const systems: System[] = []
const start: typeof startSystem = async (...how) => {
  const system = await startSystem(...how)
  systems.push(system)
  return system
}
afterEach(closeAll)

async function closeAll(): Promise<void> {
  for (const system of systems.splice(0)) await system.close()
}

describe('a receipt', () => {
  it('has the exact number of readers written to, out of 50', async () => {
    const system = await start({ RESUME_EVENTS: 100_000, SLOW_READER_MS: 600_000 })
    const stalled = await system.connect('en')
    await stalled.untilType('reset')
    stalled.pause()
    await system.flood('en', BLOCKING_LINES)
    await eventually(
      'the reader is blocked',
      LIMIT_MS,
      async () => (await system.metric('sessions_blocked')) === 1,
    )
    await system.connect('en', { query: { section: 'sport' } })
    const sockets = await Promise.all(Array.from({ length: 24 }, () => system.connect('en')))
    const streams = await Promise.all(Array.from({ length: 23 }, () => system.stream('en')))
    const { position: after } = (await system.snapshot('en')).body
    const poll = system.page('en', { after, wait: 25 })
    // This request is answered after the long poll has begun, because one event loop handles both in order.
    await system.snapshot('en')

    const [line] = await system.publish('en', [{ text: 'To nearly all', section: 'city' }])
    await Promise.all([...sockets, ...streams].map((reader) => reader.received(line, LIMIT_MS)))
    expect((await poll).body.events).toContainEqual(line)

    const release = await writtenTo(system, line!.headline.id, 48)
    expect(release).toMatchObject({
      version: 1,
      op: 'publish',
      position: line!.position,
      releasedAt: line!.at,
    })
    expect(release.gateways).toEqual([
      { id: expect.any(String), readers: 49, written: 48, p50Ms: release.p50Ms, p99Ms: release.p99Ms },
    ])
    expect(release.p50Ms).toBeLessThanOrEqual(release.p99Ms!)

    stalled.resume()
    await stalled.received(line, LIMIT_MS)
    await writtenTo(system, line!.headline.id, 49)
  })

  it('has the time from the acceptance, or from the due time, to the release', async () => {
    const system = await start()
    const [now] = await system.publish('en', 1)
    const [release] = await releasesOf(system, now!.headline.id)
    const accepted = Date.parse(release!.acceptedAt)
    expect(release).toMatchObject({ acceptToLogMs: Date.parse(release!.releasedAt) - accepted, written: 0 })

    const releaseAt = new Date(Date.now() + AHEAD_MS)
    const { headline } = await post(system, '/v1/feeds/en/headlines', { text: 'Later', releaseAt })
    const later = await eventually('the headline is released', LIMIT_MS, async () => {
      const [first] = await releasesOf(system, headline.id)
      return first
    })
    expect(Date.parse(later.acceptedAt)).toBeLessThan(releaseAt.getTime())
    expect(later.acceptToLogMs).toBe(Date.parse(later.releasedAt) - releaseAt.getTime())
  })

  it('has each released version and no other', async () => {
    const system = await start()
    const reader = await system.connect('en')
    const [line] = await system.publish('en', 1)
    const corrected = await system.correct('en', line!.headline, 'Corrected')
    const withdrawn = await system.withdraw('en', line!.headline)
    await reader.received(withdrawn)
    const releases = await eventually('all three are written', LIMIT_MS, async () => {
      const found = await releasesOf(system, line!.headline.id)
      return found.every(({ written }) => written === 1) && found
    })
    expect(releases.map(({ op, position }) => ({ op, position }))).toEqual(
      [line!, corrected, withdrawn].map(({ op, position }) => ({ op, position })),
    )
  })

  it('counts a reader that resumes once', async () => {
    const system = await start()
    const reader = await system.connect('en')
    const [first] = await system.publish('en', 1)
    await reader.received(first)
    reader.drop()
    const [missed] = await system.publish('en', 1)
    await reader.returnAfter()
    await reader.received(missed)
    await writtenTo(system, missed!.headline.id, 1)
    await writtenTo(system, first!.headline.id, 1)
  })

  it('adds up the counts of several gateways, and their counts before a restart', async () => {
    const api = await start()
    const prefix = { REDIS_PREFIX: api.prefix }
    const [one, two] = [await start(prefix, 'gateway'), await start(prefix, 'gateway')]
    const readers = [await one.connect('en'), await one.connect('en'), await two.stream('en')]
    const [line] = await api.publish('en', 1)
    await Promise.all(readers.map((reader) => reader.received(line)))
    const { id } = line!.headline
    const release = await writtenTo(api, id, 3)
    // The gateway of the first process has no readers; its report may come later.
    const counts = release.gateways.map(({ readers, written }) => [readers, written])
    expect(counts.filter(([readers]) => readers).sort()).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect(JSON.stringify(release)).not.toContain('127.0.0.1')

    await one.stop()
    const again = await start(prefix, 'gateway')
    const late = await again.connect('en', { after: `${line!.position.split(':')[0]}:0` })
    await late.received(line)
    await writtenTo(api, id, 4)
  })

  it('counts once the deliveries that happened while no api was running', async () => {
    const first = await start({}, 'api')
    const prefix = { REDIS_PREFIX: first.prefix }
    const gateway = await start(prefix, 'gateway')
    await start(prefix, 'worker')
    const reader = await gateway.connect('en')
    const [before, meanwhile] = await first.publish('en', 2)
    await reader.received(meanwhile)
    await writtenTo(first, before!.headline.id, 1)
    await first.stop()

    const { position } = before!
    const late = await gateway.connect('en', { after: `${position.split(':')[0]}:0` })
    await late.received(meanwhile)
    const second = await start(prefix, 'api')
    await writtenTo(second, before!.headline.id, 2)
    await writtenTo(second, meanwhile!.headline.id, 2)
  })

  it('that no api has received is reported at once when an api begins to listen', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flashline-receipts-'))
    // A separate Redis, because MONITOR reports the commands of all clients.
    const server = await startRedis({ dataDir: join(folder, 'redis'), admin: true })
    const monitored = new Redis(server.urlFor('admin'))
    const own = { REDIS_URL: server.urlFor('admin'), ...server.roleUrls(), REDIS_PREFIX: 'fl' }
    try {
      const gateway = await start(own, 'gateway')
      const { written } = gateway.store.keys.feed('en')
      let reports = 0
      const monitor = await monitored.monitor()
      monitor.on('monitor', (_time: string, [command, channel]: string[]) => {
        if (command?.toLowerCase() === 'publish' && channel === written) reports++
      })
      const reader = await gateway.connect('en')
      await gateway.flood('en', 1)
      const { headline } = await reader.untilType('event')
      await eventually('the gateway has reported', LIMIT_MS, () => reports > 0)
      monitor.disconnect()

      const api = await start(own, 'api')
      await writtenTo(api, headline.id, 1)
    } finally {
      await closeAll()
      monitored.disconnect()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('ignores a report that is older than the stored one, and a malformed report', async () => {
    const system = await start()
    const [line] = await system.publish('en', 1)
    const { position, headline } = line!
    const redis = new Redis(testRedisUrl)
    const report = async (gateway: unknown, number: unknown, times: unknown) =>
      redis.publish(
        system.store.keys.feed('en').written,
        JSON.stringify({ feed: 'en', gateway, number, readers: 7, events: [{ position, times }] }),
      )
    await redis.publish(system.store.keys.feed('en').written, 'no report')
    await report('g1', 3, [[-1, 5]])
    await report('g1', 0, [[0, 9]])
    await report('g1', 2, [[0, 5]])
    await report('g1', 1, [[0, 8]])
    await report('g1', 2, [[0, 7]])
    await report('g2', 1, [[0, 1]])
    const release = await writtenTo(system, headline.id, 6)
    expect(
      release.gateways.filter(({ id }) => ['g1', 'g2'].includes(id)).map(({ id, written }) => [id, written]),
    ).toEqual([
      ['g1', 5],
      ['g2', 1],
    ])
    redis.disconnect()
  })

  it('is only for the newsroom, and only for existing headlines', async () => {
    const system = await start()
    const path = '/v1/feeds/en/headlines/0123456789abcdefghijkl/receipt'
    expect((await system.get(path)).status).toBe(401)
    const headers = { Authorization: `Bearer ${systemKey}` }
    expect(await system.get(path, headers)).toMatchObject({ status: 404, body: { code: 'no-such-headline' } })
    expect(await system.get(path.replace('en', 'nn'), headers)).toMatchObject({
      status: 404,
      body: { code: 'no-such-feed' },
    })
  })
})

async function post(system: System, path: string, body: object): Promise<{ headline: { id: string } }> {
  const answer = await fetch(`${system.url}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${systemKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await answer.json()) as { headline: { id: string } }
}
