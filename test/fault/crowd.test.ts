import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { Scenario } from '../support/scenario.ts'

const CROWD = 2_000

let scenario: Scenario | undefined
afterEach(() => scenario?.close())

it('moves two thousand readers from a killed gateway to the other and back without a lost or repeated event', async () => {
  const env = { MAX_CONNECTIONS_PER_IP: '10000', LOG_LEVEL: 'warn' }
  scenario = await Scenario.start({ gateways: 2, crowd: CROWD, env })
  const { cluster, poster } = scenario

  poster.start(10)
  for (const gateway of cluster.gateways) {
    await pause(1_000)
    await gateway.kill()
    await gateway.start()
    await pause(1_500)
  }
  const ledger = await scenario.settle(`kill -9 of each gateway in turn, ${CROWD} readers`)

  expect(ledger.faults).toEqual([])
  for (const { resets } of ledger.accounts) expect(resets).toBe(0)
}, 120_000)
