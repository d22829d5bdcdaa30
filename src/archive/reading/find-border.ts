import { entryAt, readAfter, readHeads } from '../../eventlog/read-log.ts'
import { answered } from '../../eventlog/store/scripts.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { UnavailableError } from '../../platform/errors.ts'
import type { Archive, ArchivedEvent } from '../archive.ts'
import { seqOf } from '../log-events.ts'

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
 * that is the beginning of its present epoch. Errors: UnavailableError, ArchiveError.
 */
export async function findBorder(store: Store, archive: Archive, feed: string): Promise<Border> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const newest = await archive.readNewestEvent(feed)
    if (!newest) return { newest, after: 0 }
    const after = await borderAfter(store, feed, newest)
    if (after !== undefined) return { newest, after }
  }
  throw new UnavailableError(`the log of ${feed} is copied faster than it is read`)
}

/** undefined: the log begins after the event, so the archive has newer ones by now. */
async function borderAfter(store: Store, feed: string, newest: ArchivedEvent): Promise<number | undefined> {
  const seq = seqOf(newest)
  const [[head], entry, [first]] = await Promise.all([
    readHeads(store, [feed]),
    entryAt(store, feed, seq),
    readAfter(store, feed, 0, 1),
  ])
  if (head?.chain === newest.chain || entry?.chain === newest.chain) return seq
  if (!entry && first && first.seq > seq) return first.seq === seq + 1 ? seq : undefined
  return newEpochAfter(store, feed, newest)
}

/** The seq before the present epoch; without a new epoch that of the newest event that is copied. */
async function newEpochAfter(store: Store, feed: string, newest: ArchivedEvent): Promise<number> {
  const { head } = store.keys.feed(feed)
  const [epoch, since] = await answered(store.redis.hmget(head, 'epoch', 'since'))
  return newest.position.startsWith(`${epoch}:`) ? seqOf(newest) : Number(since ?? 0)
}
