import { parsePosition, type Position } from '../protocol/position.ts'
import { readHeads, eventOf, entryAt, type LogEntry, type LogHead } from './read-log.ts'
import type { Store } from './store/store.ts'
import { answered } from './store/scripts.ts'

/** The part of a feed's log that Redis has. */
export interface LogBounds {
  readonly head: LogHead
  /** The seq before the first event of the present epoch. */
  readonly since: number
  /** Seq of the oldest entry; that of the next event in an empty log. */
  readonly first: number
}

/** Undefined when the feed's head is missing or damaged. Errors: UnavailableError. */
export async function readLogBounds(store: Store, feed: string): Promise<LogBounds | undefined> {
  const { head: headKey, log } = store.keys.feed(feed)
  const [[head], [since], oldest] = await Promise.all([
    readHeads(store, [feed]),
    answered(store.redis.hmget(headKey, 'since')),
    answered(store.redis.xrange(log, '-', '+', 'COUNT', 1)),
  ])
  if (!head) return undefined
  const first = oldest[0] ? Number.parseInt(oldest[0][0], 10) : head.seq + 1
  return { head, since: Number(since ?? 0), first }
}

/**
 * The position before the first event at or after a time; that before the oldest event where the log begins later.
 * Errors: UnavailableError.
 */
export async function positionBefore(store: Store, feed: string, ms: number): Promise<string | undefined> {
  const bounds = await readLogBounds(store, feed)
  if (!bounds) return undefined
  const { head, first } = bounds
  let [low, high] = [first, head.seq + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const entry = await entryAt(store, feed, middle)
    if (entry && Date.parse(eventOf(entry).at) < ms) low = middle + 1
    else high = middle
  }
  return positionAt(store, feed, bounds, low - 1)
}

/** Whether the log, as it is now, can go on from a position. Errors: UnavailableError. */
export async function isInLog(store: Store, feed: string, { epoch, seq }: Position): Promise<boolean> {
  const bounds = await readLogBounds(store, feed)
  if (!bounds || seq > bounds.head.seq || seq < bounds.first - 1) return false
  if (epoch === bounds.head.epoch) return seq >= bounds.since
  // The entry before a new epoch has the name of the older one.
  const entries = await Promise.all([entryAt(store, feed, seq), entryAt(store, feed, seq + 1)])
  return entries.some((entry) => entry !== undefined && epochOf(entry) === epoch)
}

/** A position of the log by its seq. */
async function positionAt(
  store: Store,
  feed: string,
  { head, since }: LogBounds,
  seq: number,
): Promise<string> {
  if (seq >= since) return `${head.epoch}:${seq}`
  const entry = (await entryAt(store, feed, seq)) ?? (await entryAt(store, feed, seq + 1))
  return `${(entry && epochOf(entry)) ?? head.epoch}:${seq}`
}

export function epochOf(entry: LogEntry): string | undefined {
  return parsePosition(eventOf(entry).position)?.epoch
}
