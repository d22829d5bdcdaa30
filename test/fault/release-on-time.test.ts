import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { Cluster } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { TimedDesk, type Line, type Listed } from '../support/timed-desk.ts'

const UNDO_MS = 700
const MAX_DRIFT_MS = 1_500
const SCHEDULED = 60
const SCHEDULED_WITHIN_MS = 9_000

let cluster: Cluster | undefined
afterEach(() => cluster?.close())

it('releases every headline in time or marks it as needs-decision, while workers and Redis are killed', async () => {
  cluster = await Cluster.start({ apis: 2, gateways: 1, workers: 2 })
  const desk = await TimedDesk.open(cluster, { undoMs: UNDO_MS, maxDriftMs: MAX_DRIFT_MS })
  const begun = Date.now()
  const times = Array.from({ length: SCHEDULED }, (_, n) => {
    return begun + 2_000 + Math.round((n * SCHEDULED_WITHIN_MS) / SCHEDULED)
  })
  const posted = Promise.all([
    ...times.map((releaseAt) => desk.post({ releaseAt: new Date(releaseAt).toISOString() })),
    // These headlines wait for the end of their undo windows, one after the other.
    ...times.map(async (time) => {
      await until(time)
      return desk.post({})
    }),
  ])

  await until(begun + 2_500)
  await outage(cluster, { redis: false, workers: true, ms: 600 })
  await until(begun + 5_000)
  await outage(cluster, { redis: true, workers: false, ms: 500 })
  await until(begun + 7_000)
  // So long that headlines due at its beginning are too late to be released.
  await outage(cluster, { redis: true, workers: true, ms: MAX_DRIFT_MS + 700 })
  const lines = await posted
  await until(Math.max(...lines.map(({ releaseAt }) => releaseAt)))
  await eventually('nothing waits', 15_000, async () => (await desk.list('status=due')).length === 0)

  const stands = new Map((await desk.list('')).map((line) => [line.id, line]))
  const decided = await desk.decisions()
  const live = lines.filter(({ id }) => stands.get(id)?.status === 'live').map(({ id }) => id)
  expect([...stands.keys()].sort()).toEqual(lines.map(({ id }) => id).sort())
  expect(lines.flatMap((line) => faultOf(line, stands.get(line.id), decided.get(line.id)))).toEqual([])
  expect((await desk.published(live.length)).sort()).toEqual(live.sort())
  expect(lines.length - live.length).toBeGreaterThan(5)
  expect(live.length).toBeGreaterThan(5)
  process.stdout.write(
    `${live.length} headlines released, ${lines.length - live.length} marked as needs-decision\n`,
  )
}, 90_000)

async function outage(
  cluster: Cluster,
  { redis, workers, ms }: { redis: boolean; workers: boolean; ms: number },
): Promise<void> {
  const members = workers ? cluster.workers : []
  await Promise.all([...(redis ? [cluster.killRedis()] : []), ...members.map((member) => member.kill())])
  await pause(ms)
  if (redis) await cluster.startRedis()
  await Promise.all(members.map((member) => member.start()))
}

/** Headlines that were neither released in time nor marked as needs-decision when they were too late. */
function faultOf(
  { id, releaseAt }: Line,
  { status, publishedAt }: Partial<Listed> = {},
  decidedAt = NaN,
): string[] {
  const lateMs = (publishedAt === undefined ? decidedAt : Date.parse(publishedAt)) - releaseAt
  const inTime = status === 'live' && lateMs >= 0 && lateMs <= MAX_DRIFT_MS
  const isPut = status === 'needs-decision' && publishedAt === undefined && lateMs > MAX_DRIFT_MS
  return inTime || isPut ? [] : [`${id} is ${status}, ${lateMs} ms after its time`]
}

async function until(time: number): Promise<void> {
  await pause(Math.max(0, time - Date.now()))
}
