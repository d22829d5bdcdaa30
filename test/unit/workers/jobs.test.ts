import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { redisKeys } from '../../../src/eventlog/store/redis-keys.ts'
import { StoreFaults } from '../../../src/eventlog/store/store-faults.ts'
import { openStore, type Store } from '../../../src/eventlog/store/store.ts'
import { eventOf, readAfter, readHeads } from '../../../src/eventlog/read-log.ts'
import { readHeadline } from '../../../src/eventlog/read-headline.ts'
import { formatWitness } from '../../../src/fanout/witness.ts'
import { Subscriptions } from '../../../src/fanout/subscriptions.ts'
import { createMetrics, type Metrics } from '../../../src/platform/metrics.ts'
import { healForks } from '../../../workers/heal-forks.ts'
import { releaseAndFlag, releaseJob } from '../../../workers/release-job.ts'
import { sweeper } from '../../../workers/sweeper.ts'
import { newId, publish, save, withdraw } from '../../support/changes.ts'
import { eventually } from '../../support/eventually.ts'
import { createTestFeed, freshPrefix, openTestStore, testRedisUrl } from '../../support/redis.ts'

const LIMIT_MS = 20_000

let opened: Awaited<ReturnType<typeof openTestStore>>
let store: Store
let metrics: Metrics
let logged: Readonly<Record<string, unknown>>[]
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(async () => {
  store = { ...opened, keys: redisKeys(freshPrefix()), faults: new StoreFaults() }
  metrics = createMetrics()
  logged = []
  await createTestFeed(store)
})

const logger = () =>
  pino({}, { write: (line: string) => logged.push(JSON.parse(line) as Readonly<Record<string, unknown>>) })

async function texts(feed: string): Promise<(string | undefined)[]> {
  const events = (await readAfter(store, feed, 0, 100)).map(eventOf)
  return events.map(({ headline }) => (headline.status === 'live' ? headline.text : headline.status))
}

async function counted(name: 'released' | 'jobsFailed'): Promise<Record<string, number>> {
  const { values } = await metrics[name].get()
  return Object.fromEntries(values.map(({ labels, value }) => [Object.values(labels).join(), value]))
}

describe('a worker that is rung for a feed', () => {
  it('releases what is due in it, once, and counts it', async () => {
    await createTestFeed(store, { id: 'ar' })
    await save(store, publish(newId(), 'One'))
    await save(store, publish(newId(), 'Two'))
    await save(store, publish(newId(), 'Elsewhere', { feed: 'ar' }))
    const job = releaseJob(store, metrics)
    await Promise.all([job({ data: { feed: 'en' } }), job({ data: { feed: 'en' } })])
    await job({ data: { feed: 'en' } })

    expect(await texts('en')).toEqual(['One', 'Two'])
    expect(await texts('ar')).toEqual([])
    expect(await counted('released')).toEqual({ en: 2 })
  })

  it('does nothing in a feed that is not there', async () => {
    await releaseJob(store, metrics)({ data: { feed: 'gone' } })
    expect(await counted('released')).toEqual({})
  })

  it('tells the other lines of a story, also when there is nothing to release', async () => {
    await createTestFeed(store, { id: 'ar' })
    const [en, ar] = [newId(), newId()]
    const story = { text: 'Bridge', urgency: 'flash' as const, regions: [], tags: [], story: 'bridge' }
    await save(store, publish(en, '-', { content: story }))
    await save(store, publish(ar, '-', { content: story, feed: 'ar' }))
    for (const feed of ['en', 'ar']) await releaseAndFlag(store, feed, metrics)
    await save(store, withdraw(en))
    // A worker has released it and died.
    const { head, due } = store.keys.feed('en')
    await store.redis.del(due)
    await releaseAndFlag(store, 'en', metrics)

    expect(await readHeadline(store, 'ar', ar)).toMatchObject({ attention: { feed: 'en', id: en } })
    expect(await store.redis.hlen(store.keys.feed('en').storyTodo)).toBe(0)
    expect(await store.redis.hget(head, 'seq')).toBe('1')
  })
})

describe('a sweep', () => {
  it('looks after every feed, also behind one that is damaged', async () => {
    for (const id of ['ar', 'es']) await createTestFeed(store, { id })
    for (const feed of ['ar', 'en', 'es']) await save(store, publish(newId(), feed, { feed }))
    await store.redis.del(store.keys.feed('en').strip)
    await store.redis.set(store.keys.feed('en').strip, 'damaged')
    const sweep = sweeper({ store, metrics, logger: logger() })
    await sweep()
    await sweep()

    expect([await texts('ar'), await texts('en'), await texts('es')]).toEqual([['ar'], [], ['es']])
    expect(await counted('jobsFailed')).toEqual({ sweep: 2 })
    // Logged once, and named until it is mended.
    expect(logged).toMatchObject([{ event: 'sweep-failed', feed: 'en' }])
    expect(store.faults.count('record')).toBe(1)
    expect(logged[0]?.error).toMatch(/CONTRACT/)
  })

  it('does not fail when Redis goes away, and says it once', async () => {
    const leaving = new Redis(testRedisUrl, { maxRetriesPerRequest: 0, retryStrategy: () => null })
    const gone = openStore(leaving, { prefix: freshPrefix(), keptEvents: 10 })
    for (const id of ['ar', 'en']) await createTestFeed(gone, { id })
    await save(gone, publish(newId(), 'ar', { feed: 'ar' }))
    leaving.disconnect()
    const sweep = sweeper({ store: gone, metrics, logger: logger() })
    await sweep()
    await sweep()
    expect(logged).toMatchObject([{ event: 'sweep-failed' }])
  })

  it('does not run the release script in a feed in which nothing waits', async () => {
    for (const id of ['ar', 'es']) await createTestFeed(store, { id })
    await save(store, publish(newId(), 'ar', { feed: 'ar' }))
    const run = jest.fn(store.scripts['release-due'])
    const watched = { ...store, scripts: { ...store.scripts, 'release-due': run } }
    await sweeper({ store: watched, metrics, logger: logger() })()
    expect(run).toHaveBeenCalledTimes(1)
    expect(await texts('ar')).toEqual(['ar'])
  })
})

describe('who hears a witness', () => {
  let subscriber: Redis
  let publisher: Redis
  beforeEach(async () => {
    subscriber = new Redis(testRedisUrl)
    publisher = new Redis(testRedisUrl)
    await healForks(
      { store, archive: () => undefined, logger: logger(), metrics },
      new Subscriptions(subscriber, { logger: logger(), metrics }),
    )
  })
  afterEach(() => {
    subscriber.disconnect()
    publisher.disconnect()
  })

  const tell = (payload: string) => publisher.publish(store.keys.feed('en').witness, payload)
  const headOf = async () => (await readHeads(store, ['en']))[0]!

  it('begins a new epoch, once, where the log has lost what was seen', async () => {
    await save(store, publish(newId(), 'One'))
    await releaseAndFlag(store, 'en', metrics)
    const before = await headOf()
    const lost = [{ position: `${before.epoch}:2`, op: 'publish' as const, id: 'x', version: 1 }]
    const witness = formatWitness({ feed: 'en', head: { ...before, seq: 2, chain: 'f'.repeat(40) }, lost })
    await tell(witness)
    await eventually('it says so', LIMIT_MS, () => logged.length > 0)
    const after = await headOf()
    expect(after.epoch).not.toBe(before.epoch)
    expect(after.seq).toBe(1)
    expect(logged).toMatchObject([{ event: 'log-forked', feed: 'en', lost }])

    await tell(witness)
    await tell('no witness')
    await publisher.publish(
      store.keys.feed('nn').witness,
      formatWitness({ feed: 'nn', head: before, lost: [] }),
    )
    await subscriber.ping()
    await store.redis.ping()
    expect((await headOf()).epoch).toBe(after.epoch)
    expect(logged).toHaveLength(1)
  })

  it('leaves a log alone that has what was seen', async () => {
    await save(store, publish(newId(), 'One'))
    await releaseAndFlag(store, 'en', metrics)
    const head = await headOf()
    await tell(formatWitness({ feed: 'en', head, lost: [] }))
    // Heard in order, and the script runs before the next command.
    await subscriber.ping()
    await store.redis.ping()
    expect(await headOf()).toEqual(head)
    expect(logged).toEqual([])
  })
})
