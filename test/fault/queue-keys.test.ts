import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import { Cluster } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { TimedDesk, type Line } from '../support/timed-desk.ts'

const names = ['marker', 'meta', 'id', 'wait', 'delayed', 'events', 'stalled-check']
/** `FAULTS=full` also deletes each key of the queue alone. */
const KINDS =
  process.env.FAULTS === 'full'
    ? [':*', ':release:*', ...names.map((name) => `:release:${name}`)]
    : [':*', ':release:marker']
const UNDO_MS = 1_000
/** The worker waits for jobs as it does in a quiet newsroom. */
const QUIET_MS = 1_500
/** A sweep comes every second; the rest allows for a busy computer. Without it a headline was 21 s late. */
const LATE_MS = 15_000

let cluster: Cluster | undefined
afterEach(() => cluster?.close())

it('releases the next headline of a quiet feed in time after keys of the queue are deleted', async () => {
  cluster = await Cluster.start({ workers: 1 })
  const desk = await TimedDesk.open(cluster, { undoMs: UNDO_MS, maxDriftMs: 60_000 })
  const redis = cluster.redisAs('admin')
  const remove = async (kind: string) => {
    const keys = await redis.keys(redisKeys().queues + kind)
    if (keys.length > 0) await redis.del(...keys)
  }
  const lines: Line[] = []
  // One headline at a time: the release of the next one would release this one too.
  const goesOut = async (line: Line) => {
    lines.push(line)
    await eventually('the headline is live', 40_000, async () => {
      return (await desk.list('status=live')).some(({ id }) => id === line.id)
    })
  }
  for (const kind of KINDS) {
    await pause(QUIET_MS)
    const waiting = await desk.post({})
    // The job of a headline that waits is lost.
    await remove(kind)
    await goesOut(waiting)
    await pause(QUIET_MS)
    await remove(kind)
    await goesOut(await desk.post({}))
  }
  redis.disconnect()

  const live = new Map((await desk.list('status=live')).map(({ id, publishedAt = '' }) => [id, publishedAt]))
  const late = lines.map(({ id, releaseAt }) => Date.parse(live.get(id) ?? '') - releaseAt)
  process.stdout.write(`latest headline ${Math.max(...late)} ms after its time\n`)
  expect(Math.max(...late)).toBeLessThan(LATE_MS)
}, 120_000)
