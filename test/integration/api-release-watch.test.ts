import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { ReleaseWatch } from '../../src/api/live/release-watch.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { Subscriptions } from '../../src/fanout/subscriptions.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { correct, newId, publish, save } from '../support/changes.ts'
import { createTestFeed, openTestStore, testRedisUrl } from '../support/redis.ts'

const LIMIT_MS = 20_000
const hash = 'a'.repeat(40)

let store: Awaited<ReturnType<typeof openTestStore>>
let subscriber: Redis
let releases: ReleaseWatch
let id: string

beforeAll(async () => {
  store = await openTestStore()
  await createTestFeed(store)
  await createTestFeed(store, { id: 'ar', lang: 'ar' })
  subscriber = new Redis(testRedisUrl)
  releases = new ReleaseWatch(store.keys)
  await releases.listen(
    new Subscriptions(subscriber, { logger: pino({ level: 'silent' }), metrics: createMetrics() }),
  )
})
beforeEach(() => {
  id = newId()
})
afterAll(async () => {
  await subscriber.quit()
  await store.close()
})

describe('a release that is expected', () => {
  it('is reported with its version and position', async () => {
    const expected = releases.expect('en', id)
    await save(store, publish(id, 'one'))
    const seen = expected.released(1, LIMIT_MS)
    const released = await releaseDue(store, 'en')

    expect(released).toMatchObject({ count: 1 })
    expect(await seen).toEqual({ version: 1, position: expect.stringMatching(/:\d+$/) })
    expected.close()
  })

  it('is not missed when it happens before the wait begins', async () => {
    const expected = releases.expect('en', id)
    const later = releases.expect('en', newId())
    await save(store, publish(id, 'one'))
    await releaseDue(store, 'en')
    // One channel keeps its order: a later message has arrived, so this one has arrived too.
    await subscriber.ping()

    expect(await expected.released(1, 0)).toMatchObject({ version: 1 })
    expect(await later.released(1, 0)).toBeUndefined()
    expected.close()
    later.close()
  })

  it('may be a later version, never an earlier one', async () => {
    const expected = releases.expect('en', id)
    await save(store, publish(id, 'one'))
    await releaseDue(store, 'en')
    const second = expected.released(2, LIMIT_MS)
    await save(store, correct(id, 1, 'two'))
    await save(store, correct(id, 2, 'three'))
    await releaseDue(store, 'en')

    expect((await second)?.version).toBeGreaterThanOrEqual(2)
    expect((await expected.released(3, LIMIT_MS))?.version).toBe(3)
    expected.close()
  })

  it('is reported although other programs publish on the same channel', async () => {
    const expected = releases.expect('en', id)
    for (const foreign of ['{}', '"x"', '[]', 'null', '7', '', '{"headline":null}'])
      for (const payload of [foreign, `1 ${hash} ${foreign}`, `1 ${hash} ${hash} ${foreign}`])
        await store.redis.publish(store.keys.feed('en').live, payload)
    await save(store, publish(id, 'one'))
    await releaseDue(store, 'en')
    // A listener that throws would have ended the process before.
    await subscriber.ping()

    expect(await expected.released(1, 0)).toMatchObject({ version: 1 })
    expected.close()
  })

  it('is not a release in another feed', async () => {
    const expected = releases.expect('ar', id)
    await save(store, publish(id, 'one'))
    await releaseDue(store, 'en')
    await subscriber.ping()

    expect(await expected.released(1, 0)).toBeUndefined()
    expected.close()
  })
})
