import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { eventOf, readAfter } from '../../src/eventlog/read-log.ts'
import { openStore, type Store } from '../../src/eventlog/store/store.ts'
import { Cluster } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { TimedDesk, type Line } from '../support/timed-desk.ts'
import { WrongClock } from '../support/wrong-clock.ts'

/** `FAULTS=full` makes the clocks wrong again and again. */
const ROUNDS = process.env.FAULTS === 'full' ? 8 : 1
const WRONG_FOR_MS = 5_000
const LINES = 6
const UNDO_MS = 700
const SHOWN_MS = 6_000
/** A sweep runs every second; the rest allows for a busy computer. A wrong schedule would wait for 3,550 s. */
const LATE_MS = 60_000
const SECONDS_AHEAD = 3_600

interface Readiness {
  readonly failing: string[]
  readonly overdueMs: number
}

let cluster: Cluster | undefined
let clock: WrongClock | undefined
afterEach(async () => {
  await cluster?.close()
  await clock?.close()
})

it.each([
  ['one of two workers', (role: string, index: number) => role === 'worker' && index === 0],
  ['every process', () => true],
] as const)(
  'releases and expires every headline in time when the clock of %s is an hour ahead for 5 s',
  async (_name, isWrong) => {
    const wrong = (clock = await WrongClock.create())
    await wrong.set(SECONDS_AHEAD)
    cluster = await Cluster.start({
      workers: 2,
      envOf: (role, index) => (isWrong(role, index) ? wrong.env : {}),
    })
    const desk = await TimedDesk.open(cluster, { undoMs: UNDO_MS, maxDriftMs: LATE_MS })
    const redis = cluster.redisAs('admin')
    const store = openStore(redis, { keptEvents: 1_000 })
    const lines: Line[] = []
    for (let round = 0; round < ROUNDS; round++) {
      await wrong.set(SECONDS_AHEAD)
      lines.push(...(await postLines(desk)))
      await pause(WRONG_FOR_MS)
      await wrong.set(0)
      lines.push(...(await postLines(desk)))
      await eventually('every headline has left the strip', LATE_MS, async () => {
        return (await times(store, 'expire')).size === lines.length
      })
    }

    const published = await times(store, 'publish')
    const expired = await times(store, 'expire')
    redis.disconnect()
    const late = lines.map(({ id, releaseAt }) => (published.get(id) ?? Infinity) - releaseAt)
    const shown = lines.map(({ id }) => (expired.get(id) ?? Infinity) - (published.get(id) ?? 0))
    expect(Math.max(...late)).toBeLessThan(LATE_MS)
    expect(Math.max(...shown)).toBeLessThan(SHOWN_MS + LATE_MS)
    for (const { url } of [...cluster.apis, ...cluster.workers]) {
      const { failing, overdueMs } = (await (await fetch(`${url}/readyz`)).json()) as Readiness
      expect(failing).toEqual([])
      expect(overdueMs).toBeLessThan(LATE_MS)
    }
    process.stdout.write(
      `latest release ${Math.round(Math.max(...late))} ms after its time, latest end ${Math.max(...shown) - SHOWN_MS} ms\n`,
    )
  },
  60_000 + ROUNDS * 90_000,
)

function postLines(desk: TimedDesk): Promise<Line[]> {
  const expiresAt = new Date(Date.now() + UNDO_MS + SHOWN_MS).toISOString()
  return Promise.all(Array.from({ length: LINES }, () => desk.post({ expiresAt })))
}

/** When each headline had an event of this kind, by the clock of Redis. */
async function times(store: Store, op: string): Promise<Map<string, number>> {
  const events = (await readAfter(store, 'timed', 0, 1_000)).map(eventOf)
  return new Map(
    events.filter((event) => event.op === op).map(({ headline, at }) => [headline.id, Date.parse(at)]),
  )
}
