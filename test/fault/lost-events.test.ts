import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import type { Member } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { Scenario, snapshotOf } from '../support/scenario.ts'
import type { Reader } from '../support/readers.ts'

let scenario: Scenario | undefined
afterEach(() => scenario?.close())

it.each([
  ['before new headlines are posted', false],
  ['while new headlines are posted', true],
])(
  'tells readers that Redis has lost its newest events, %s',
  async (when, writesAtOnce) => {
    scenario = await Scenario.start({ apis: 2, gateways: 2, workers: 2 })
    const { cluster, readers, poster } = scenario
    poster.start(50)
    await pause(1_000)
    await poster.stop()
    await scenario.agreed()
    const [kept = ''] = await positions(cluster.gateways)
    await cluster.copyRedisData()
    const lost = (await poster.publishMany(20)).map(({ position }) => position ?? '')
    await scenario.agreed()

    poster.forget()
    await cluster.killRedis()
    await cluster.restoreRedisData()
    await cluster.startRedis()
    if (writesAtOnce) poster.start(50)
    await eventually('a new epoch at every gateway', 10_000, async () =>
      (await positions(cluster.gateways)).every((position) => epochOf(position) !== epochOf(kept)),
    )
    if (!writesAtOnce) poster.start(50)
    await pause(1_000)
    const ledger = await scenario.settle(`Redis back with older data, ${when}`)

    expect(ledger.faults).toEqual([])
    for (const reader of readers) expect(resetsOf(reader)).toEqual(['start', 'epoch'])
    for (const { disconnects } of ledger.accounts) expect(disconnects).toBe(0)
    // The first gateway that finds the loss logs it; the other gateways may find the new epoch already.
    const named = cluster.gateways.flatMap((gateway) => lostPositions(gateway))
    expect(named).toEqual(expect.arrayContaining(lost))
    const after = poster.acknowledged.slice(-20).filter(({ op }) => op === 'publish')
    expect(after.every(({ position }) => epochOf(position) === epochOf(ledger.snapshot.position))).toBe(true)
  },
  60_000,
)

async function positions(gateways: readonly Member[]): Promise<string[]> {
  const snapshots = await Promise.all(gateways.map((gateway) => snapshotOf(gateway)))
  return snapshots.map(({ position }) => position)
}

function epochOf(position = ''): string {
  return position.split(':')[0] ?? ''
}

function resetsOf({ steps }: Reader): string[] {
  return steps.flatMap((step) => (step.kind === 'reset' ? [step.frame.reason] : []))
}

/** The positions of the lost events in the gateway's log. */
function lostPositions({ log }: Member): string[] {
  const lines = log.filter(({ event }) => event === 'log-lost-events')
  return lines.flatMap(({ lost }) => (lost as { position: string }[]).map(({ position }) => position))
}
