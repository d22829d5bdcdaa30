import { afterEach, expect, it } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis, type EmbeddedRedis } from '../../scripts/support/redis-server.mjs'
import { freePort } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { RedisReplica } from '../support/redis-replica.ts'
import { startSystem, systemKey, type System } from '../support/system.ts'

let folder: string | undefined
let redis: EmbeddedRedis | undefined
let system: System | undefined
let replica: RedisReplica | undefined
afterEach(async () => {
  await system?.close()
  await replica?.close()
  await redis?.stop()
  if (folder !== undefined) await rm(folder, { recursive: true })
})

interface Answer {
  readonly headline: { readonly id: string }
  readonly replication: string
}

it('says with each accepted act, in receipts and in /readyz whether Redis has a replica', async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-replication-'))
  const port = await freePort()
  const dataDir = join(folder, 'redis')
  redis = await startRedis({ dataDir, port, admin: true })
  system = await startSystem({
    REDIS_URL: redis.urlFor('admin'),
    REDIS_PREFIX: 'fl',
    ...redis.roleUrls(),
    TAIL_CHECK_MS: 100,
  })
  expect(await everywhere(system)).toEqual(['none', 'none', 'none'])

  replica = await RedisReplica.start({ port, dataDir })
  await untilReady(system, 'asynchronous')
  expect(await everywhere(system)).toEqual(['asynchronous', 'asynchronous', 'asynchronous'])

  replica.cutLink()
  await untilReady(system, 'none')
})

async function everywhere({ url }: System): Promise<string[]> {
  const headers = { authorization: `Bearer ${systemKey}`, 'content-type': 'application/json' }
  const path = `${url}/v1/feeds/en/headlines`
  const body = JSON.stringify({ text: 'Bridge closed' })
  const posted = (await (await fetch(path, { method: 'POST', headers, body })).json()) as Answer
  const receipt = (await (await fetch(`${path}/${posted.headline.id}/receipt`, { headers })).json()) as Answer
  const ready = (await (await fetch(`${url}/readyz`)).json()) as Answer
  return [posted, receipt, ready].map(({ replication }) => replication)
}

function untilReady(system: System, replication: string): Promise<unknown> {
  return eventually(`/readyz says ${replication}`, 10_000, async () => {
    const { body } = await system.get<Answer>('/readyz')
    return body.replication === replication
  })
}
