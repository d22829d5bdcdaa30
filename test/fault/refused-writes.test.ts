import { afterEach, expect, it } from '@jest/globals'
import { mkdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import type { Cluster, Member } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { Scenario, snapshotOf } from '../support/scenario.ts'

/** `FAULTS=full` refuses writes again and again. */
const ROUNDS = process.env.FAULTS === 'full' ? 6 : 1
const LIMIT_MS = 20_000

let scenario: Scenario | undefined
let admin: Redis | undefined
afterEach(async () => {
  admin?.disconnect()
  await scenario?.close()
})

interface Refusal {
  readonly begin: (admin: Redis, cluster: Cluster) => Promise<unknown>
  readonly end: (admin: Redis, cluster: Cluster) => Promise<unknown>
}

const snapshotFile = ({ redisDataDir }: Cluster) => join(redisDataDir, 'dump.rdb')
const refusals: [string, Refusal][] = [
  [
    'memory is full (OOM)',
    {
      begin: (admin) => admin.config('SET', 'maxmemory', '1mb'),
      end: (admin) => admin.config('SET', 'maxmemory', '0'),
    },
  ],
  [
    'disk takes no snapshot (MISCONF)',
    {
      async begin(admin, cluster) {
        // A folder stands in the place of the file.
        await mkdir(snapshotFile(cluster))
        await admin.config('SET', 'save', '3600 1')
        await admin.bgsave()
        await eventually('the snapshot has failed', LIMIT_MS, async () => {
          return (await admin.info('persistence')).includes('rdb_last_bgsave_status:err')
        })
      },
      async end(admin, cluster) {
        await admin.config('SET', 'save', '')
        await rmdir(snapshotFile(cluster))
      },
    },
  ],
]

it.each(refusals)(
  'loses nothing while the %s: editors and probes are told, readers are served',
  async (what, { begin, end }) => {
    scenario = await Scenario.start({ gateways: 2 })
    const { cluster, poster } = scenario
    const connection = (admin = cluster.redisAs('admin'))
    const [gateway, restarted] = cluster.gateways as [Member, Member]
    const [api, worker] = [cluster.apis[0]!, cluster.workers[0]!]

    poster.start(30)
    for (let round = 0; round < ROUNDS; round++) {
      const before = poster.acknowledged.length
      await eventually('changes are acknowledged', LIMIT_MS, () => poster.acknowledged.length > before + 10)
      await begin(connection, cluster)
      for (const member of [api, worker]) await becomes(member, 503, ['redis-writes'])
      const { retries } = poster
      await eventually('editors are refused', LIMIT_MS, () => poster.retries > retries)
      // A gateway that starts meanwhile serves its feeds too.
      await restarted.kill()
      await restarted.start()
      for (const member of [gateway, restarted]) {
        await becomes(member, 200, [])
        expect(await snapshotOf(member)).not.toHaveProperty('stale')
      }
      await end(connection, cluster)
      for (const member of [api, worker]) await becomes(member, 200, [])
    }

    const ledger = await scenario.settle(what)
    expect(ledger.faults).toEqual([])
    for (const { resets } of ledger.accounts) expect(resets).toBe(0)
  },
  60_000 + ROUNDS * 30_000,
)

function becomes({ role, url }: Member, status: number, failing: readonly string[]): Promise<unknown> {
  return eventually(`${role} answers ${status} at /readyz`, LIMIT_MS, async () => {
    const answer = await fetch(`${url}/readyz`)
    const body = (await answer.json()) as { failing: readonly string[] }
    return answer.status === status && JSON.stringify(body.failing) === JSON.stringify(failing)
  })
}
