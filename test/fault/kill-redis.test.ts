import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '../support/eventually.ts'
import { Scenario, snapshotOf } from '../support/scenario.ts'

let scenario: Scenario | undefined
afterEach(() => scenario?.close())

it('keeps readers connected and every accepted change when Redis is killed and restarted', async () => {
  scenario = await Scenario.start({ apis: 2, gateways: 2, workers: 2 })
  const { cluster, poster } = scenario
  const [gateway] = cluster.gateways

  poster.start(50)
  for (const round of [1, 2]) {
    await pause(1_000)
    await cluster.killRedis()
    // Until then readers cannot know that their strip may be old.
    if (round === 1)
      await eventually('marked stale', 30_000, async () => gateway && (await snapshotOf(gateway)).stale)
    await cluster.startRedis()
  }
  await eventually('changes are acknowledged', 40_000, () => poster.acknowledged.length > 100)

  const ledger = await scenario.settle('kill -9 of Redis, twice')
  expect(ledger.faults).toEqual([])
  expect(ledger.snapshot.stale).toBeUndefined()
  for (const { resets, disconnects } of ledger.accounts) expect({ resets, disconnects }).toEqual(untouched)
}, 150_000)

const untouched = { resets: 0, disconnects: 0 }
