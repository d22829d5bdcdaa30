import { afterEach, expect, it } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { startRedis, type EmbeddedRedis } from '../../scripts/support/redis-server.mjs'
import { freePort } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { RedisReplica } from '../support/redis-replica.ts'
import { startSystem, systemKey, type System } from '../support/system.ts'

let folder: string | undefined
let redis: EmbeddedRedis | undefined
let system: System | undefined
let replica: RedisReplica | undefined
let admin: Redis | undefined
afterEach(async () => {
  admin?.disconnect()
  await system?.close()
  await replica?.close()
  replica = undefined
  await redis?.stop()
  if (folder !== undefined) await rm(folder, { recursive: true })
})

interface Answer {
  readonly headline: { readonly id: string }
  readonly replication: string
}

it('says with each accepted act, in receipts and in /readyz whether Redis has a replica', async () => {
  const { system, original } = await start()
  expect(await everywhere(system)).toEqual(['none', 'none', 'none'])

  replica = await RedisReplica.start(original)
  await untilReady(system, 'asynchronous')
  expect(await everywhere(system)).toEqual(['asynchronous', 'asynchronous', 'asynchronous'])
  expect(await warnings(system)).not.toContain('redis-replica-away')
})

it('does not say `none` while a failover to a replica that is away can lose the act', async () => {
  const { system, original, admin } = await start()
  replica = await RedisReplica.start(original)
  await untilReady(system, 'asynchronous')

  replica.cutLink()
  await untilAway(system, true)
  expect(await admin.info('replication')).toMatch(/^connected_slaves:0/m)
  expect(await everywhere(system)).toEqual(['asynchronous', 'asynchronous', 'asynchronous'])

  replica.mendLink()
  await untilAway(system, false)
  expect(await everywhere(system)).toEqual(['asynchronous', 'asynchronous', 'asynchronous'])

  // Redis keeps nothing for a replica that stays away: it is not expected any more.
  await admin.config('SET', 'repl-backlog-ttl', '1')
  replica.cutLink()
  await untilReady(system, 'none')
  expect(await warnings(system)).not.toContain('redis-replica-away')
})

async function start() {
  folder = await mkdtemp(join(tmpdir(), 'flashline-replication-'))
  const original = { port: await freePort(), dataDir: join(folder, 'redis') }
  redis = await startRedis({ ...original, admin: true })
  admin = new Redis(redis.urlFor('admin'))
  system = await startSystem({
    REDIS_URL: redis.urlFor('admin'),
    REDIS_PREFIX: 'fl',
    ...redis.roleUrls(),
    TAIL_CHECK_MS: 100,
  })
  return { system, original, admin }
}

async function warnings({ url }: System): Promise<readonly string[]> {
  return ((await (await fetch(`${url}/readyz`)).json()) as { warnings: string[] }).warnings
}

function untilAway(system: System, expected: boolean): Promise<unknown> {
  return eventually(`/readyz ${expected ? 'warns' : 'does not warn'}`, 20_000, async () => {
    return (await warnings(system)).includes('redis-replica-away') === expected
  })
}

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
  return eventually(`/readyz says ${replication}`, 20_000, async () => {
    const { body } = await system.get<Answer>('/readyz')
    return body.replication === replication
  })
}
