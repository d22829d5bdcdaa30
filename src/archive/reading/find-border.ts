import { entryAt, readAfter, readHeads } from '../../eventlog/read-log.ts'
import { answered } from '../../eventlog/store/scripts.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { UnavailableError } from '../../platform/errors.ts'
import type { Archive, ArchivedEvent } from '../archive.ts'
import { newEventOf, seqOf } from '../log-events.ts'

/** Each is lost against a worker that has copied and trimmed the log meanwhile. */
const MOST_TRIES = 5

export interface Border {
  /** The newest event of the archive; undefined: it has none. */
  readonly newest: ArchivedEvent | undefined
  /** The events that only Redis has begin after this seq. */
  readonly after: number
}

/**
 * Where the archive's copy of a log ends and the log in Redis goes on. Where Redis has lost events that the archive has,
 * that is the beginning of the first epoch since the loss: several losses may follow one another before a copy. Errors: UnavailableError, ArchiveError.
 */
export async function findBorder(store: Store, archive: Archive, feed: string): Promise<Border> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const newest = await archive.readNewestEvent(feed)
    if (!newest) return { newest, after: 0 }
    const after = await borderAfter(store, archive, feed, newest)
    if (after !== undefined) return { newest, after }
  }
  throw new UnavailableError(`the log of ${feed} is copied faster than it is read`)
}

/** undefined: the log begins after the event, so the archive has newer ones by now. */
async function borderAfter(
  store: Store,
  archive: Archive,
  feed: string,
  newest: ArchivedEvent,
): Promise<number | undefined> {
  const seq = seqOf(newest)
  const [[head], entry, [first]] = await Promise.all([
    readHeads(store, [feed]),
    entryAt(store, feed, seq),
    readAfter(store, feed, 0, 1),
  ])
  if (head?.chain === newest.chain || entry?.chain === newest.chain) return seq
  if (!entry && first && first.seq > seq) return first.seq === seq + 1 ? seq : undefined
  const { head: key } = store.keys.feed(feed)
  const [epoch, since] = await answered(store.redis.hmget(key, 'epoch', 'since'))
  if (newest.position.startsWith(`${epoch}:`)) return seq
  return copiedBefore(store, archive, feed, { from: (first?.seq ?? 1) - 1, to: Number(since ?? 0) })
}

/** The newest seq of the log that the archive has too, in a range with copied events first and then others. */
async function copiedBefore(
  store: Store,
  archive: Archive,
  feed: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<number> {
  let [low, high, middle] = [from, to, to]
  while (low < high) {
    const entry = await entryAt(store, feed, middle)
    if (entry && (await archive.hasEvent(feed, newEventOf(entry)))) low = middle
    else high = middle - 1
    middle = Math.ceil((low + high) / 2)
  }
  return low
}
