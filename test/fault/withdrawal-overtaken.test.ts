import { afterEach, expect, it } from '@jest/globals'
import type { Page } from '../../src/protocol/frames.ts'
import { Scenario } from '../support/scenario.ts'

let scenario: Scenario | undefined
afterEach(() => scenario?.close())

it('withdraws a headline although the full strip would expire it before the withdrawal is released', async () => {
  scenario = await Scenario.start({ apis: 2, env: { RELEASE_FALLBACK_MS: '1000' } })
  const { cluster, poster } = scenario
  const { gateways, workers } = cluster
  const first = await poster.publish()
  await poster.publishMany(49)

  // Without a worker, both changes wait for the fallback and are released together, the new headline first.
  await Promise.all(workers.map((worker) => worker.kill()))
  const another = poster.publish()
  await new Promise((resume) => setTimeout(resume, 300))
  const withdrawn = await poster.withdraw(first?.id ?? '')
  await another

  expect(withdrawn?.position).toBeDefined()
  const ledger = await scenario.settle('withdrawal while the strip is full')
  expect(ledger.faults).toEqual([])
  const [epoch] = ledger.snapshot.position.split(':')
  const replay = await fetch(`${gateways[0]?.url}/v1/feeds/en/events?after=${epoch}:0&limit=500`)
  const { events } = (await replay.json()) as Page
  expect(events.filter(({ headline }) => headline.id === first?.id)).toMatchObject([
    { op: 'publish', headline: { status: 'withdrawn' } },
    { op: 'withdraw', headline: { status: 'withdrawn' } },
  ])
}, 60_000)
