import { afterEach, describe, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort, type Cluster } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { Scenario } from '../support/scenario.ts'
import { SentinelSet } from '../support/sentinel-set.ts'

const FAILOVER_LIMIT_MS = 20_000
/** `FAULTS=full`: as long as that for each fault. */
const MINUTES_MS = process.env.FAULTS === 'full' ? 300_000 : 1_000

let scenario: Scenario | undefined
let sentinels: SentinelSet | undefined
afterEach(async () => {
  await scenario?.close()
  await sentinels?.close()
}, 60_000)

async function underSentinels(): Promise<Scenario> {
  const port = await freePort()
  scenario = await Scenario.start({
    ...{ apis: 2, gateways: 2, workers: 2, redisPort: port },
    prepare: async (redis, dataDir) => {
      sentinels = await SentinelSet.start({ redis, port, dataDir })
      return sentinels.environment
    },
  })
  return scenario
}

async function isReplica(cluster: Cluster): Promise<boolean> {
  const admin = cluster.redisAs('admin')
  try {
    return /^role:slave/m.test(await admin.info('replication'))
  } finally {
    admin.disconnect()
  }
}

describe('a primary that the Sentinels replace', () => {
  it.each(['killed', 'paused'] as const)(
    'loses, repeats and reorders nothing when it was %s, and neither does it when it comes back',
    async (fault) => {
      const running = await underSentinels()
      const { cluster, poster } = running
      poster.start(20)
      await pause(MINUTES_MS)
      if (fault === 'killed') await cluster.killRedis()
      else cluster.signalRedis('SIGSTOP')
      const before = poster.acknowledged.length
      await eventually('the Sentinels have failed over', FAILOVER_LIMIT_MS, () => sentinels?.hasFailedOver())
      await eventually('changes are acknowledged', 20_000, () => poster.acknowledged.length > before + 40)

      if (fault === 'killed') await cluster.startRedis()
      else cluster.signalRedis('SIGCONT')
      await eventually('the old primary follows the new one', FAILOVER_LIMIT_MS, () => isReplica(cluster))
      await pause(MINUTES_MS)

      const ledger = await running.settle(`primary ${fault}`)
      expect(ledger.faults).toEqual([])
      expect(ledger.snapshot.stale).toBeUndefined()
    },
    400_000,
  )
})
