import { z } from 'zod'
import type { Buckets } from '../platform/time-buckets.ts'
import type { EventFrame } from '../protocol/frames.ts'
import { parsePosition } from '../protocol/position.ts'
import type { EventLog } from './log.ts'
import { readAfter, eventOf } from './read-log.ts'
import { answered } from './scripts.ts'

/** How long it can be looked up who was written to. */
const KEEP_MS = 7 * 86_400_000

const writtenBySchema = z.object({
  readers: z.int(),
  written: z.int(),
  times: z.array(z.tuple([z.int(), z.int()])),
})

/** What one gateway has last reported of an event. */
export interface WrittenBy {
  readonly gateway: string
  /** Its readers then. */
  readonly readers: number
  /** How often it has written the event to a reader. */
  readonly written: number
  readonly times: Buckets
}

/** Events that a gateway reports of, by position; may be repeated. Errors: UnavailableError. */
export async function keepReceipts(
  log: EventLog,
  feed: string,
  { gateway, readers, events }: { gateway: string; readers: number; events: ReadonlyMap<string, Buckets> },
): Promise<void> {
  if (events.size === 0) return
  const { receipt } = log.keys.feed(feed)
  const reports = Array.from(events.values(), (times) => {
    const written = times.reduce((sum, [, count]) => sum + count, 0)
    return [written, JSON.stringify({ readers, written, times })]
  })
  await log.scripts['keep-receipt'](Array.from(events.keys(), receipt), [gateway, KEEP_MS, ...reports.flat()])
}

/** In the order asked. Errors: UnavailableError. */
export async function readReceipts(
  log: EventLog,
  feed: string,
  positions: readonly string[],
): Promise<WrittenBy[][]> {
  const { receipt } = log.keys.feed(feed)
  const hashes = await Promise.all(
    positions.map((position) => answered(log.redis.hgetall(receipt(position)))),
  )
  return hashes.map((hash) =>
    Object.entries(hash)
      .map(([gateway, json]) => ({ gateway, ...writtenBySchema.parse(JSON.parse(json)) }))
      .sort((a, b) => a.gateway.localeCompare(b.gateway)),
  )
}

/** When a version was due, in ms; undefined where that was not written down. Errors: UnavailableError. */
export async function readDueTimes(
  log: EventLog,
  feed: string,
  id: string,
  versions: readonly number[],
): Promise<(number | undefined)[]> {
  if (versions.length === 0) return []
  const fields = versions.map((version) => `${id}:${version}:due`)
  const due = await answered(log.redis.hmget(log.keys.feed(feed).versions, ...fields))
  return due.map((ms) => (ms === null ? undefined : Number(ms)))
}

/** The event at a position; undefined where the log does not keep it any more. Errors: UnavailableError. */
export async function readEvent(
  log: EventLog,
  feed: string,
  position: string,
): Promise<EventFrame | undefined> {
  const { seq = 0 } = parsePosition(position) ?? {}
  const [entry] = await readAfter(log, feed, seq - 1, 1)
  const event = entry && eventOf(entry)
  return event?.position === position ? event : undefined
}
