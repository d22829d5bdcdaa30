import { afterEach, expect, it } from '@jest/globals'
import { Scenario } from '../support/scenario.ts'
import { setTimeout as pause } from 'node:timers/promises'

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
  expect(await fallbacks()).toBe(0)

  await Promise.all(workers.map((worker) => worker.kill()))
  const began = performance.now()
  const [alone] = await poster.publishMany(1)
  poster.start(50)
  await pause(3_000)
  await poster.stop()

  expect(alone?.position).toBeDefined()
  expect((alone?.at ?? Infinity) - began).toBeLessThan(2_000)
  expect(await fallbacks()).toBeGreaterThan(2)

  // The jobs that no worker has run must not release the headlines a second time.
  await Promise.all(workers.map((worker) => worker.start()))
  await poster.publishMany(20)
  const ledger = await scenario.settle('every worker dead for 3 s')
  expect(ledger.faults).toEqual([])
  for (const { resets, disconnects } of ledger.accounts) expect([resets, disconnects]).toEqual([0, 0])
}, 60_000)
