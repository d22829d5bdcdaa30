import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { readReleasedPosition } from '../../src/eventlog/read-headline.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { startWorkers, type Workers } from '../../workers/start-workers.ts'
import { newId, publish, save } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { createTestFeed, openTestStore, testRedisUrl } from '../support/redis.ts'

const realTimers = [
  'setTimeout',
  'clearTimeout',
  'setImmediate',
  'clearImmediate',
  'nextTick',
  'queueMicrotask',
  'Date',
  'performance',
  'hrtime',
] as const

let store: Awaited<ReturnType<typeof openTestStore>>
let connection: Redis
let workers: Workers

beforeEach(async () => {
  store = await openTestStore()
  connection = new Redis(testRedisUrl, { maxRetriesPerRequest: null })
  await createTestFeed(store)
  // Only the timer that renews the schedule is controlled by the test.
  jest.useFakeTimers({ doNotFake: [...realTimers] })
  workers = await startWorkers({
    store,
    connection,
    concurrency: 1,
    sweepMs: 200,
    metrics: createMetrics(),
    logger: pino({ level: 'silent' }),
  })
})
afterEach(async () => {
  jest.useRealTimers()
  await workers.close()
  connection.disconnect()
  await store.close()
})

it('runs again within half a minute after Redis has lost its schedule', async () => {
  await released(await saved('Swept'))
  const keys = await connection.keys(`${store.keys.queues}:sweep:*`)
  await connection.del(...keys)
  const id = await saved('Left lying')

  jest.advanceTimersByTime(30_000)
  expect(await released(id)).toMatch(/:2$/)
})

/** Saves a headline without a doorbell. */
async function saved(text: string): Promise<string> {
  const id = newId()
  await save(store, publish(id, text))
  return id
}

function released(id: string): Promise<string> {
  return eventually('the sweep has come by', 8_000, () => readReleasedPosition(store, 'en', id, 1))
}
