import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { startApi, type TestApi } from '../support/api-server.ts'
import { readAudit } from '../support/desk-audit.ts'
import { eventually } from '../support/eventually.ts'
import { testRedisUrl } from '../support/redis.ts'
import { openDoorbell, RELEASE_QUEUE, type Doorbell } from '../../src/fanout/queues.ts'

interface Queues {
  readonly queues: readonly {
    readonly name: string
    readonly counts: Readonly<Record<string, number>>
    readonly failed: readonly { readonly id: string; readonly feed: string; readonly reason: string }[]
  }[]
}

let api: TestApi
let doorbell: Doorbell
let worker: Worker
let broken = true
const connections: Redis[] = []
beforeAll(async () => {
  api = await startApi()
  const connect = () => {
    const redis = new Redis(testRedisUrl, { maxRetriesPerRequest: null })
    connections.push(redis)
    return redis
  }
  doorbell = openDoorbell(connect(), api.store.keys.queues)
  worker = new Worker(
    RELEASE_QUEUE,
    () => (broken ? Promise.reject(new Error('the script is broken')) : Promise.resolve()),
    {
      connection: connect(),
      prefix: api.store.keys.queues,
      settings: { backoffStrategy: () => 0 },
    },
  )
  await doorbell.ring('en')
  await doorbell.ring('en')
  await eventually('two jobs have failed', 20_000, async () => (await failed()).length === 2)
}, 30_000)
afterAll(async () => {
  await Promise.all([worker.close(), doorbell.close()])
  for (const connection of connections) await connection.quit()
  await api.close()
})

const read = async (key = api.keys.admin) => api.request('/v1/queues', { key })
const queue = async () => ((await read()).body as unknown as Queues).queues[0]!
const failed = async () => (await queue()).failed

it('shows how many jobs there are, and the failed ones with the reason, to admins', async () => {
  expect(await queue()).toMatchObject({
    name: 'release',
    counts: { failed: 2, waiting: 0 },
    failed: [
      { feed: 'en', reason: 'the script is broken' },
      { feed: 'en', reason: 'the script is broken' },
    ],
  })
  expect((await read(api.keys.editor)).status).toBe(403)
})

it('repeats one failed job and removes another one, and the audit shows it', async () => {
  const [first, other] = await failed()
  broken = false
  const path = (id = '') => `/v1/queues/release/jobs/${id}`
  const key = api.keys.admin
  expect((await api.request(`${path(first?.id)}/retry`, { method: 'POST', key })).status).toBe(204)
  await eventually('it is done', 10_000, async () => (await queue()).counts.completed === 1)
  const remove = { method: 'DELETE', key }
  expect((await api.request(path(other?.id), remove)).status).toBe(204)
  expect(await failed()).toEqual([])
  expect((await api.request(path(other?.id), remove)).body.code).toBe('no-such-job')
  expect((await api.request(path(first?.id), remove)).body.code).toBe('no-such-job')
  expect((await api.request('/v1/queues/other/jobs/1', remove)).body.code).toBe('no-such-job')
  const acts = (await readAudit(api.store)).map(({ action }) => action)
  expect(acts.filter((action) => action.startsWith('job-'))).toEqual(['job-retried', 'job-removed'])
})
