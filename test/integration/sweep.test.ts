import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { readReleasedPosition } from '../../src/eventlog/read-headline.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { startWorkers, type Workers } from '../../workers/start-workers.ts'
import { newId, publish, save } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { createTestFeed, openTestStore } from '../support/redis.ts'
import { createRoleUsers } from '../support/role-users.ts'

let store: Awaited<ReturnType<typeof openTestStore>>
let connection: Redis
let workers: Workers | undefined

beforeEach(async () => {
  store = await openTestStore()
  const { REDIS_URL_WORKER = '' } = await createRoleUsers(store.prefix)
  connection = new Redis(REDIS_URL_WORKER, { maxRetriesPerRequest: null, disableClientInfo: true })
  await createTestFeed(store)
})
afterEach(async () => {
  await workers?.close()
  connection.disconnect()
  await store.close()
})

function start(): void {
  workers = startWorkers({
    store,
    connection,
    concurrency: 1,
    sweepMs: 200,
    metrics: createMetrics(),
    logger: pino({ level: 'silent' }),
  })
}

it('goes on when Redis has lost all keys of the queues', async () => {
  start()
  await released(await saved('Swept'))
  const keys = await store.redis.keys(`${store.keys.queues}:*`)
  await store.redis.del(...keys)
  expect(await released(await saved('Left lying'))).toMatch(/:2$/)
})

it('removes the schedule of an earlier version, with the rights of a worker', async () => {
  const queue = new Queue('sweep', { connection: store.redis, prefix: store.keys.queues })
  await queue.upsertJobScheduler('sweep', { every: 1_000 }, { name: 'sweep' })
  await queue.close()
  const left = () => store.redis.keys(`${store.keys.queues}:sweep*`)
  expect((await left()).length).toBeGreaterThan(3)
  start()
  await eventually('no key of the schedule is left', 20_000, async () => (await left()).length === 0)
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
