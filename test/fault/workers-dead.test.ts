import { afterEach, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { Scenario } from '../support/scenario.ts'

let scenario: Scenario | undefined
afterEach(() => scenario?.close())

it('releases headlines when all workers are dead, and counts these releases', async () => {
  scenario = await Scenario.start({ apis: 2, gateways: 2, workers: 2 })
  const { cluster, poster } = scenario
  const { apis, workers } = cluster
  const fallbacks = async () => {
    const counts = await Promise.all(apis.map((api) => api.metric('flashline_release_fallback_total')))
    return counts.reduce((sum, count) => sum + count)
  }
  await poster.publishMany(20)
  const before = await fallbacks()

  await Promise.all(workers.map((worker) => worker.kill()))
  const [alone] = await poster.publishMany(1)
  // The answer has a position: the headline was released before it, by the api.
  expect(alone?.position).toBeDefined()
  poster.start(50)
  await eventually('the api releases', 40_000, async () => (await fallbacks()) > before + 2)
  await poster.stop()

  // The jobs that no worker has run must not release the headlines a second time.
  await Promise.all(workers.map((worker) => worker.start()))
  await poster.publishMany(20)
  const ledger = await scenario.settle('every worker dead')
  expect(ledger.faults).toEqual([])
  for (const { resets, disconnects } of ledger.accounts) expect([resets, disconnects]).toEqual([0, 0])
}, 120_000)
