import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '../support/eventually.ts'
import { Scenario, snapshotOf } from '../support/scenario.ts'

const AHEAD_MS = 2_500
/** The sweep runs once a second; the rest allows for a busy computer. */
const LATE_LIMIT_MS = 30_000

let scenario: Scenario | undefined
afterEach(() => scenario?.close())

it.each([
  ['by the remaining processes', false],
  ['by restarted processes', true],
])(
  'releases a scheduled headline in time %s',
  async (how, allDie) => {
    scenario = await Scenario.start({ apis: 2, gateways: 2, workers: 2 })
    const { cluster, readers, poster } = scenario
    const [gateway, api, worker] = [cluster.gateways[0], cluster.apis[0], cluster.workers[0]]
    if (!gateway || !api || !worker) throw new Error('each role has a member')
    const releaseAt = Date.now() + AHEAD_MS
    const early: string[] = []
    const showing = () => readers.filter(({ strip }) => strip.size > 0)

    const line = await poster.publish({ releaseAt: new Date(releaseAt).toISOString() })
    const victims = allDie ? [...cluster.apis, ...cluster.workers] : [api, worker]
    await Promise.all(victims.map((victim) => victim.kill()))
    const restarted = allDie ? pause(700).then(() => Promise.all([api.start(), worker.start()])) : undefined
    while (Date.now() < releaseAt) {
      const { strip } = await snapshotOf(gateway)
      // The request and its answer are before the release time, so no text may be in it.
      if (Date.now() < releaseAt && (strip.length > 0 || showing().length > 0)) early.push(`${Date.now()}`)
      await pause(20)
    }
    await eventually('every reader shows it', LATE_LIMIT_MS, () => showing().length === readers.length)

    expect(line?.releaseAt).toBe(new Date(releaseAt).toISOString())
    expect(early).toEqual([])
    await restarted
    const released = readers.map(({ steps }) =>
      steps.flatMap((step) => (step.kind === 'event' ? [step.frame] : [])),
    )
    for (const events of released) {
      expect(events.map(({ headline }) => headline.id)).toEqual([line?.id])
      expect(Date.parse(events[0]?.at ?? '')).toBeGreaterThanOrEqual(releaseAt)
    }
    const lateMs = Date.parse(released[0]?.[0]?.at ?? '') - releaseAt
    process.stdout.write(`scheduled headline, ${how}: released ${lateMs} ms after its time\n`)
  },
  60_000,
)
