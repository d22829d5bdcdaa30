import { afterEach, expect, it } from '@jest/globals'
import { freePort } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { RedisProxy, type LinkKind, type Silence } from '../support/redis-proxy.ts'
import { Scenario } from '../support/scenario.ts'

/** A connection is made anew within 3 s; the rest allows for a busy computer. */
const MENDED_LIMIT_MS = 20_000
/** FAULTS=full tries each connection in each direction. */
const directions: readonly Silence[] =
  process.env.FAULTS === 'full' ? ['from-redis', 'to-redis', 'both'] : ['from-redis']

const links: readonly (readonly ['gateway' | 'api' | 'worker', LinkKind])[] = [
  ['gateway', 'subscriber'],
  ['gateway', 'commands'],
  ['api', 'commands'],
  ['api', 'subscriber'],
  ['api', 'queue'],
  ['worker', 'commands'],
  ['worker', 'subscriber'],
  ['worker', 'queue'],
  ['worker', 'blocking'],
]

let scenario: Scenario | undefined
let proxy: RedisProxy | undefined
afterEach(async () => {
  await scenario?.close()
  proxy?.close()
})

async function startBehindProxy(): Promise<{ scenario: Scenario; proxy: RedisProxy }> {
  const redisPort = await freePort()
  proxy = await RedisProxy.start(redisPort)
  scenario = await Scenario.start({ redisPort, redisUrl: proxy.url })
  return { scenario, proxy }
}

it.each(directions)(
  'loses nothing when each connection in turn is open and silent (%s)',
  async (direction) => {
    const { scenario, proxy } = await startBehindProxy()
    const { poster } = scenario

    poster.start(30)
    for (const [role, kind] of links) {
      await eventually(`${role} uses its connection for ${kind}`, MENDED_LIMIT_MS, () => {
        return proxy.working(role, kind).length > 0
      })
      const tookMs = await proxy.silence(role, kind, direction, MENDED_LIMIT_MS)
      process.stdout.write(`${direction}: ${role} ${kind} made anew after ${tookMs} ms\n`)
      const before = poster.acknowledged.length
      await eventually('changes are acknowledged again', MENDED_LIMIT_MS, () => {
        return poster.acknowledged.length > before + 10
      })
    }

    const ledger = await scenario.settle(`each connection silent in turn (${direction})`)
    expect(ledger.faults).toEqual([])
    for (const { resets, disconnects } of ledger.accounts) expect([resets, disconnects]).toEqual([0, 0])
  },
  240_000,
)
