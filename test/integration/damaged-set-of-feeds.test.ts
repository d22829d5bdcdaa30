import { afterEach, expect, it } from '@jest/globals'
import { readConfig, type ProcessRole } from '../../src/platform/config.ts'
import { startService } from '../../src/service/service.ts'
import { newId, publish, save } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { testRedisUrl } from '../support/redis.ts'
import { createRoleUsers } from '../support/role-users.ts'
import { startSystem, type System } from '../support/system.ts'

const LIMIT_MS = 10_000

const systems: { close(): Promise<void> }[] = []
async function start(...options: Parameters<typeof startSystem>): Promise<System> {
  const system = await startSystem(...options)
  systems.push(system)
  return system
}
afterEach(() => Promise.all(systems.splice(0).map((system) => system.close())))

/** A process that does not create a feed at its start. */
async function startOn(prefix: string, role: ProcessRole): Promise<{ readonly url: string }> {
  const settings = { REDIS_URL: testRedisUrl, REDIS_PREFIX: prefix, ...(await createRoleUsers(prefix)) }
  const config = readConfig({ ...settings, PORT: '0', LOG_LEVEL: 'silent', DRAIN_MS: '500' })
  const service = await startService(role, config)
  systems.push({ close: () => service.stop() })
  return service
}

interface Ready {
  readonly failing: readonly string[]
  readonly warnings: readonly string[]
}
const readiness = async (of: Pick<System, 'url'>) => {
  const answer = await fetch(`${of.url}/readyz`)
  return { ...((await answer.json()) as Ready), status: answer.status }
}

it('a damaged set of feeds is named, and the known feeds go on: sweeps, acts and readers', async () => {
  const system = await start({ SWEEP_MS: 200, TAIL_CHECK_MS: 50 })
  const { redis, keys } = system.store
  const reader = await system.connect('en')
  await redis.set(keys.feeds, 'x')

  await eventually('/readyz names it', LIMIT_MS, async () => {
    return (await readiness(system)).warnings.includes('feeds-damaged')
  })
  expect((await readiness(system)).status).toBe(200)
  const id = newId()
  // Only a sweep finds it: no doorbell rings.
  await save(system.store, publish(id, 'Found by a sweep'))
  expect(await reader.take(1)).toMatchObject([{ op: 'publish', headline: { id } }])
  const [line] = await system.publish('en', ['By the api'])
  await system.withdraw('en', line!.headline)
  expect(await reader.take(2)).toMatchObject([{ op: 'publish' }, { op: 'withdraw' }])

  await redis.del(keys.feeds)
  await redis.sadd(keys.feeds, 'en')
  await eventually('/readyz names it no more', LIMIT_MS, async () => {
    const { warnings } = await readiness(system)
    return !warnings.includes('feeds-damaged') && !warnings.includes('records-damaged')
  })
})

it.each(['api', 'worker', 'gateway'] as const)(
  'a new %s that cannot read the set is not ready',
  async (role) => {
    const old = await start({}, 'api')
    const { redis, keys } = old.store
    await redis.set(keys.feeds, 'x')
    const opened = await startOn(old.prefix, role)
    await eventually('/readyz names it', LIMIT_MS, async () => {
      const { status, failing } = await readiness(opened)
      return status === 503 && failing.includes('feeds-damaged')
    })
    await redis.del(keys.feeds)
    await redis.sadd(keys.feeds, 'en')
    await eventually('it is ready', LIMIT_MS, async () => (await readiness(opened)).status === 200)
  },
)
