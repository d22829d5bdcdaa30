import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { readReleasedPosition } from '../../src/eventlog/read-headline.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { startWorkers, type Workers } from '../../workers/main.ts'
import { newId, publish, save } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { createTestFeed, openTestLog, testRedisUrl } from '../support/redis.ts'

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

let log: Awaited<ReturnType<typeof openTestLog>>
let connection: Redis
let workers: Workers

beforeEach(async () => {
  log = await openTestLog()
  connection = new Redis(testRedisUrl, { maxRetriesPerRequest: null })
  await createTestFeed(log)
  // Of all timers only the one that says the schedule again waits for the test.
  jest.useFakeTimers({ doNotFake: [...realTimers] })
  workers = await startWorkers({
    log,
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
  await log.close()
})

it('comes back within half a minute where Redis has lost its schedule', async () => {
  await released(await saved('Swept'))
  const keys = await connection.keys(`${log.keys.queues}:sweep:*`)
  await connection.del(...keys)
  const id = await saved('Left lying')

  jest.advanceTimersByTime(30_000)
  expect(await released(id)).toMatch(/:2$/)
})

/** Accepted, and nobody rings. */
async function saved(text: string): Promise<string> {
  const id = newId()
  await save(log, publish(id, text))
  return id
}

function released(id: string): Promise<string> {
  return eventually('the sweep has come by', 8_000, () => readReleasedPosition(log, 'en', id, 1))
}
