import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { startRedis, type EmbeddedRedis } from '../../scripts/support/redis-server.mjs'
import { checkRights } from '../../src/eventlog/store/check-rights.ts'
import { redisRights } from '../../src/eventlog/store/redis-users.ts'
import { StoreFaults, type StoreFault } from '../../src/eventlog/store/store-faults.ts'
import { openStore } from '../../src/eventlog/store/store.ts'
import { readConfig } from '../../src/platform/config.ts'
import { startService } from '../../src/service/service.ts'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'

/** Longer than a check of the rights, on a busy computer. */
const TOLD_MS = 15_000

let folder: string
let redis: EmbeddedRedis
let admin: Redis
const systems: System[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-ready-'))
  redis = await startRedis({ dataDir: join(folder, 'redis'), admin: true })
  admin = new Redis(redis.urlFor('admin'))
})
afterEach(async () => {
  await Promise.all(systems.splice(0).map((system) => system.close()))
  admin.disconnect()
  await redis.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Ready {
  readonly status: number
  readonly failing: readonly string[]
  readonly warnings: readonly string[]
}

function settings(): Record<string, string> {
  const urls = { REDIS_URL: redis.urlFor('admin'), ...redis.roleUrls() }
  return { ...urls, REDIS_PREFIX: 'fl', PORT: '0', LOG_LEVEL: 'silent', TAIL_CHECK_MS: '50' }
}

async function start(role: 'api' | 'gateway' | 'worker'): Promise<System> {
  const system = await startSystem(settings(), role)
  systems.push(system)
  return system
}

async function readiness({ url }: System): Promise<Ready> {
  const answer = await fetch(`${url}/readyz`)
  const { failing, warnings } = (await answer.json()) as Ready
  return { status: answer.status, failing, warnings }
}

function becomes(system: System, expected: Partial<Ready>): Promise<unknown> {
  return eventually(`readiness is ${JSON.stringify(expected)}`, TOLD_MS, async () => {
    const found = await readiness(system)
    return Object.entries(expected).every(([name, value]) => {
      return JSON.stringify(found[name as keyof Ready]) === JSON.stringify(value)
    })
  })
}

const refusals = [
  [
    'its memory is full',
    () => admin.config('SET', 'maxmemory', '1mb'),
    () => admin.config('SET', 'maxmemory', '0'),
  ],
  [
    'it cannot write a snapshot to the disk',
    async () => {
      // A folder stands in the place of the file.
      await mkdir(join(folder, 'redis', 'dump.rdb'))
      await admin.config('SET', 'save', '3600 1')
      await admin.bgsave()
      await eventually('the snapshot has failed', TOLD_MS, async () => {
        return (await admin.info('persistence')).includes('rdb_last_bgsave_status:err')
      })
    },
    () => admin.config('SET', 'save', ''),
  ],
] as const

describe.each(refusals)('while Redis refuses writes because %s', (_why, begin, end) => {
  it('the api and the worker are not ready, the gateway serves and is ready', async () => {
    const [api, gateway, worker] = await Promise.all([start('api'), start('gateway'), start('worker')])
    for (const system of [api, gateway, worker]) await becomes(system, { status: 200, failing: [] })
    const reader = await gateway.connect('en')
    await reader.untilType('hello')

    await begin()
    expect(await readiness(api)).toMatchObject({ status: 503, failing: ['redis-writes'] })
    expect(await readiness(worker)).toMatchObject({ status: 503, failing: ['redis-writes'] })
    expect(await readiness(gateway)).toMatchObject({ status: 200, failing: [] })
    expect((await gateway.snapshot('en')).body).not.toHaveProperty('stale')
    const other = await gateway.connect('en')
    await other.untilType('hello')

    await end()
    for (const system of [api, gateway, worker]) await becomes(system, { status: 200, failing: [] })
  })

  it('a gateway that starts or reconnects serves its feeds', async () => {
    const before = await start('gateway')
    await begin()
    const started = await startService('gateway', readConfig(settings()))
    expect((await fetch(`${started.url}/readyz`)).status).toBe(200)
    expect((await fetch(`${started.url}/v1/feeds/en`)).status).toBe(200)
    await started.stop()

    await admin.call('CLIENT', 'KILL', 'USER', 'gateway')
    await becomes(before, { status: 200, failing: [] })
    await end()
    const api = await start('api')
    const reader = await before.connect('en')
    const [event] = await api.publish('en', ['Written again'])
    await reader.received(event)
  })
})

describe('rights that the Redis user lacks', () => {
  async function missingTo(user: 'api' | 'worker'): Promise<StoreFault[]> {
    const found: StoreFault[] = []
    const connection = new Redis(redis.urlFor(user), { disableClientInfo: true })
    const faults = new StoreFaults((fault) => found.push(fault))
    await checkRights(openStore(connection, { keptEvents: 1, faults }), user)
    connection.disconnect()
    return found
  }

  it.each(['api', 'worker'] as const)(
    'are none with the rights that the project prints for the %s',
    async (user) => {
      expect(await missingTo(user)).toEqual([])
    },
  )

  it.each([
    ['a command', ['-xadd'], ['right xadd']],
    ['scripts', ['-eval', '-evalsha'], ['right eval']],
    [
      'the keys of feeds but for one',
      ['resetkeys', '~fl:{*}:log'],
      expect.arrayContaining(['right write fl:{*}:due']),
    ],
  ])('are named: %s', async (_what, rules, names) => {
    await admin.acl('SETUSER', 'worker', ...rules)
    expect((await missingTo('worker')).map(({ kind, name }) => `${kind} ${name}`)).toEqual(names)
  })

  it('make the worker not ready, and ready again when they are back', async () => {
    const worker = await start('worker')
    await becomes(worker, { status: 200 })
    await admin.acl('SETUSER', 'worker', '-xadd')
    await becomes(worker, { status: 503, failing: ['redis-rights'] })
    expect(await worker.metric('store_faults{kind="right"}')).toBe(1)
    await admin.acl('SETUSER', 'worker', '+xadd')
    await becomes(worker, { status: 200, failing: [] })
  })

  it('to channels are a warning: the gateways look every second', async () => {
    const worker = await start('worker')
    const kept = redisRights().worker.filter((rule) => rule.startsWith('&') && !rule.endsWith(':live'))
    await admin.acl('SETUSER', 'worker', 'resetchannels', ...kept)
    await becomes(worker, { status: 200, warnings: ['redis-refuses-live', 'redis-refuses-publishing'] })
  })
})
