import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '../support/eventually.ts'
import { Scenario } from '../support/scenario.ts'

let scenario: Scenario | undefined
afterEach(() => scenario?.close())

it('keeps the order and every accepted change while each kind of process is killed in turn', async () => {
  scenario = await Scenario.start({ apis: 2, gateways: 2, workers: 2 })
  const { cluster, readers, poster } = scenario

  poster.start(50)
  for (const [api, worker, gateway] of [0, 1].map((n) => [
    cluster.apis[n],
    cluster.workers[n],
    cluster.gateways[n],
  ])) {
    for (const member of [api, worker, gateway]) {
      await pause(600)
      await member?.kill()
      await pause(300)
      await member?.start()
    }
  }
  await eventually('changes are acknowledged', 60_000, () => poster.acknowledged.length > 200)

  const ledger = await scenario.settle('kill -9 of every process in turn')
  expect(ledger.faults).toEqual([])
  expect(ledger.accounts.map(({ resets }) => resets)).toEqual(readers.map(() => 0))
}, 150_000)
