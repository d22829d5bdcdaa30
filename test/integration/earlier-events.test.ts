import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { readAfter, readHeads } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { Subscriptions } from '../../src/fanout/subscriptions.ts'
import { SocketWriter } from '../../src/gateway/bytes/socket-writer.ts'
import { FIRST_EVENTS } from '../../src/gateway/upstream/earlier-events.ts'
import { OpenFeeds } from '../../src/gateway/upstream/open-feeds.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import type { Page } from '../../src/protocol/frames.ts'
import type { Position } from '../../src/protocol/position.ts'
import { correct, newId, publish, save, withdraw } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { createTestFeed, openTestStore, testRedisUrl } from '../support/redis.ts'

const LIMIT_MS = 20_000
const NEVER_MS = 100_000_000
const LINES = 30
/** Enough for more than two steps beyond the events with which a feed opens. */
const CORRECTIONS = 28

let writing: Awaited<ReturnType<typeof openTestStore>>
/** The connection of the gateway. */
let redis: Redis
let subscriber: Redis
let feeds: OpenFeeds
/** Lets the reads of earlier events pass, which wait from the start on. */
let letPass: () => void
/** Three headlines whose only event is at the beginning of the log. */
let early: string[]
/** The headline of each event before the test, and how many there are. */
let ids: string[]
let events: number
beforeEach(async () => {
  writing = await openTestStore()
  await createTestFeed(writing)
  early = Array.from({ length: 3 }, () => newId())
  const corrected = Array.from({ length: LINES }, () => newId())
  await Promise.all([...early, ...corrected].map((id) => save(writing, publish(id, `Words of ${id}`))))
  await release()
  for (let version = 1; version <= CORRECTIONS; version++) {
    const text = `Other words ${version}`
    await Promise.all(corrected.map((id) => save(writing, correct(id, version, text))))
    await release()
  }
  ids = (await readAfter(writing, 'en', 0, 10_000)).map(({ json }) => idIn(json))
  events = ids.length

  redis = new Redis(testRedisUrl)
  subscriber = new Redis(testRedisUrl)
  const passes = new Promise<void>((resolve) => (letPass = resolve))
  const read = redis.xrevrange.bind(redis)
  redis.xrevrange = ((...command: Parameters<typeof read>) =>
    passes.then(() => read(...command))) as typeof redis.xrevrange
  const [logger, metrics] = [pino({ level: 'silent' }), createMetrics()]
  feeds = new OpenFeeds({
    store: { ...writing, redis },
    subscriptions: new Subscriptions(subscriber, { logger, metrics }),
    writer: new SocketWriter(),
    metrics,
    logger,
    resumeEvents: 10_000,
    options: {
      ...{ heartbeatMs: NEVER_MS, slowReaderMs: NEVER_MS, tailCheckMs: 100 },
      ...{ resumeEvents: 10_000, resumeBytes: 100_000_000 },
    },
  })
  feeds.start()
  await eventually('the feed is served', LIMIT_MS, () => feeds.loaded)
})
afterEach(async () => {
  letPass()
  feeds.close()
  redis.disconnect()
  subscriber.disconnect()
  await writing.close()
})

describe('a gateway that has just started', () => {
  it('serves the newest events before it has loaded the earlier ones', async () => {
    const { log } = hub()
    expect(log.earliest).toBe(events - FIRST_EVENTS + 1)
    expect(log.locate(at(events - FIRST_EVENTS))).toBe('here')
    letPass()
    await eventually('all events are loaded', LIMIT_MS, () => log.earliest === 1)
    expect(log.entries().map(({ headlineId }) => headlineId)).toEqual(ids)
  })

  it('gives a reader that resumes from an earlier event every event once and in order, when these are loaded', async () => {
    const after = at(3)
    expect(feeds.isOutside('en', after)).toBe(true)
    const reached = feeds.reaches('en', after)
    letPass()
    expect(await reached).toBe(true)
    expect(eventsAfter(3)).toEqual(ids.slice(3))
  })

  it('tells a reader to come back while its events cannot be loaded, and serves the others', async () => {
    expect(await feeds.reaches('en', at(3))).toBe(false)
    expect(await feeds.reaches('en', at(events - 1))).toBe(true)
    expect(eventsAfter(events - 1)).toEqual(ids.slice(events - 1))
  })

  it('lets no reader wait for events that it will never hold', async () => {
    expect(feeds.isOutside('en', { epoch: 'zzzzzzzz', seq: 3 })).toBe(false)
    letPass()
    await eventually('all events are loaded', LIMIT_MS, () => hub().log.earliest === 1)
    expect(feeds.isOutside('en', at(0))).toBe(false)
  })
})

describe('while the earlier events are loaded', () => {
  it('a withdrawal and a correction take the words out of the events that are not loaded yet', async () => {
    const [withdrawn = '', corrected = '', kept = ''] = early
    await save(writing, withdraw(withdrawn))
    await save(writing, correct(corrected, 1, 'Corrected words'))
    await release()
    await eventually('the gateway has both', LIMIT_MS, () => hub().log.head.seq === events + 2)

    const reached = feeds.reaches('en', at(0))
    letPass()
    expect(await reached).toBe(true)
    expect(eventsAfter(0)).toEqual([...ids, withdrawn, corrected])
    const page = JSON.parse(pageAfter(0).json) as Page
    const texts = page.events
      .slice(0, early.length)
      .map(({ headline }) => 'text' in headline && headline.text)
    expect(texts).toEqual([false, false, `Words of ${kept}`])
  })

  it('events that arrive follow those that are loaded', async () => {
    const reached = feeds.reaches('en', at(0))
    const added: string[] = []
    for (let n = 0; n < 3; n++) {
      added.push(newId())
      await save(writing, publish(added.at(-1)!, `Added ${n}`))
      await release()
      if (n === 0) letPass()
    }
    expect(await reached).toBe(true)
    await eventually('the gateway has all', LIMIT_MS, () => hub().log.head.seq === events + 3)
    expect(eventsAfter(0)).toEqual([...ids, ...added])
  })

  it('a feed that begins a new epoch takes no event of the old one', async () => {
    const old = at(3)
    const reached = feeds.reaches('en', old)
    const [head] = await readHeads(writing, ['en'])
    await releaseDue(writing, 'en', { ...head!, seq: head!.seq + 1 })
    await eventually('the gateway has the new epoch', LIMIT_MS, () => hub().log.head.epoch !== old.epoch)
    letPass()

    expect(await reached).toBe(true)
    expect(hub().log.locate(old)).toBe('epoch')
    expect(pageAfter(3, old.epoch)).toMatchObject({ reset: true })
    expect(hub().log.entries()).toEqual([])
    expect(hub().log.missing).toBeUndefined()
  })

  it('a log that is trimmed has no more to load, and its readers get the strip', async () => {
    const kept = events - 10
    await writing.redis.xtrim(writing.keys.feed('en').log, 'MINID', `${kept}-0`)
    const reached = feeds.reaches('en', at(3))
    letPass()
    expect(await reached).toBe(true)
    expect(hub().log.missing).toBeUndefined()
    expect(pageAfter(3)).toMatchObject({ reset: true })
    expect(eventsAfter(events - FIRST_EVENTS)).toEqual(ids.slice(-FIRST_EVENTS))
  })
})

function hub() {
  const open = feeds.hub('en', { takesDrills: false, pass: undefined })
  if (!open) throw new Error('the feed is not open')
  return open
}

function at(seq: number): Position {
  return { epoch: hub().log.head.epoch, seq }
}

function pageAfter(seq: number, epoch = hub().log.head.epoch) {
  return hub().view({}).page({ epoch, seq }, 10_000)
}

/** The headlines of the events that a reader gets after a seq. */
function eventsAfter(seq: number): string[] {
  const page = JSON.parse(pageAfter(seq).json) as Page
  return page.events.map(({ headline }) => headline.id)
}

function idIn(json: string): string {
  return (JSON.parse(json) as { headline: { id: string } }).headline.id
}

/** Releases everything that is due; one run takes a part of it. */
async function release(): Promise<void> {
  const { due } = writing.keys.feed('en')
  do await releaseDue(writing, 'en')
  while ((await writing.redis.zcount(due, '-inf', Date.now())) > 0)
}
