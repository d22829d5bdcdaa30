import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '../../scripts/support/redis-server.mjs'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'

describe('a reader', () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem({ RESUME_EVENTS: 1_000 })
  })
  afterAll(() => system.close())

  it('does not get a withdrawn headline again, from whichever position it resumes', async () => {
    const secret = 'A line that must be forgotten'
    const [before, line] = await system.publish('en', ['Before it', secret])
    const corrected = await system.correct('en', line!.headline, `${secret}, corrected`)
    const withdrawn = await system.withdraw('en', line!.headline)
    const past = { after: before!.position }

    const reader = await system.connect('en', past)
    const stream = await system.stream('en', past)
    const seen = [await reader.take(3), await stream.take(3), (await system.page('en', past)).body.events]
    for (const events of seen) {
      expect(events.map(({ position, op }) => [position, op])).toEqual([
        [line?.position, 'publish'],
        [corrected.position, 'correct'],
        [withdrawn.position, 'withdraw'],
      ])
      expect(events.map(({ headline }) => headline.status)).toEqual(['withdrawn', 'withdrawn', 'withdrawn'])
      expect(JSON.stringify(events)).not.toContain('forgotten')
    }
    expect(JSON.stringify((await system.snapshot('en')).body)).not.toContain('forgotten')
    expect(JSON.stringify((await system.page('en')).body)).not.toContain('forgotten')
  })

  it('finds a new feed without a restart of the gateway', async () => {
    await system.createFeed({ id: 'sport', lang: 'en' })
    await system.serves('sport')
    const reader = await system.connect('sport')
    const events = await system.publish('sport', 2)
    expect(await reader.take(2)).toEqual(events)
    const { body } = await system.get<{ feeds: { id: string }[] }>('/v1/feeds')
    expect(body.feeds.map(({ id }) => id)).toEqual(['en', 'sport'])
  })
})

describe('two gateways on one Redis', () => {
  it('send the same events to their readers', async () => {
    const one = await startSystem()
    const two = await startSystem({ REDIS_PREFIX: one.prefix }, 'gateway')
    try {
      const readers = [await one.connect('en'), await two.connect('en'), await two.connect('en')]
      const lines = await one.publish('en', 20)
      const changes = [
        await one.correct('en', lines[3]!.headline, 'Corrected'),
        await one.withdraw('en', lines[5]!.headline),
      ]
      for (const reader of readers) expect(await reader.take(22)).toEqual([...lines, ...changes])

      const [snapshotOne, snapshotTwo] = [await one.snapshot('en'), await two.snapshot('en')]
      expect(snapshotOne.body).toEqual(snapshotTwo.body)
      expect(snapshotOne.headers.get('etag')).toBe(snapshotTwo.headers.get('etag'))
      // A position of one gateway is valid on the other.
      const moved = await two.connect('en', { after: lines[18]!.position })
      expect(await moved.take(3)).toEqual([lines[19], ...changes])
    } finally {
      await two.close()
      await one.close()
    }
  })
})

describe('when Redis goes away', () => {
  it('readers stay connected, are told that they may be behind, and get new events when it is back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flashline-gateway-'))
    const dataDir = join(folder, 'redis')
    const start = () => startRedis({ dataDir, admin: true })
    let redis = await start()
    const urls = { REDIS_URL: redis.urlFor('admin'), ...redis.roleUrls(), REDIS_PREFIX: 'fl' }
    const system = await startSystem({ ...urls, HEARTBEAT_MS: 100, TAIL_CHECK_MS: 50 })
    try {
      const [reader, stream] = [await system.connect('en'), await system.stream('en')]
      const [before] = await system.publish('en', ['Before'])
      await Promise.all([reader.received(before), stream.received(before)])
      const fresh = await system.snapshot('en')

      redis.kill('SIGKILL')
      await redis.exited
      for (const each of [reader, stream]) {
        const head = await each.until((frame) => frame.type === 'head' && frame.stale === true, 15_000)
        expect(head).toMatchObject({ position: before?.position })
      }
      const stale = await system.snapshot('en', { 'If-None-Match': fresh.headers.get('etag') ?? '' })
      expect(stale).toMatchObject({ status: 200, body: { position: before?.position, stale: true } })
      const late = await system.connect('en', { after: before!.position })
      expect(await late.untilType('hello')).toMatchObject({ stale: true })

      redis = await start()
      await system.store.redis.ping().catch(() => undefined)
      const after = await eventually('Redis takes lines again', 15_000, () =>
        system.publish('en', ['After']).catch(() => undefined),
      )
      for (const each of [reader, stream, late]) {
        const [next] = await each.take(1, 15_000)
        expect(next).toEqual(after[0])
        await each.until((frame) => frame.type === 'head' && frame.stale === undefined, 15_000)
      }
      expect((await system.snapshot('en')).body).not.toHaveProperty('stale')
    } finally {
      await system.close()
      await redis.stop()
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('a reader that resumes', () => {
  it('gets exactly the events that it missed', async () => {
    const system = await startSystem()
    const reader = await system.connect('en')
    const [first] = await system.publish('en', 1)
    await reader.received(first)
    reader.drop()

    const missed = await system.publish('en', 2)
    await reader.returnAfter(first!.position)

    expect(await reader.take(2)).toEqual(missed)
    await system.close()
  })
})
