import { entryAt } from '../../eventlog/read-log.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { parsePosition } from '../../protocol/position.ts'
import type { Archive, ArchivedEvent } from '../archive.ts'

/** Older lost events are not looked for: a strip and its removals are fewer. */
const MOST_EVENTS = 5_000

/**
 * The archived events that the log in Redis has lost, oldest first: an older copy of Redis was restored, or a replica
 * without them took over. Errors: UnavailableError, ArchiveError.
 */
export async function findLostEvents(store: Store, archive: Archive, feed: string): Promise<ArchivedEvent[]> {
  const newest = await archive.readNewestEvent(feed)
  if (!newest || (await isInLog(store, feed, newest)) || (await isTrimmed(store, feed, newest))) return []
  const events = await archive.readEvents(feed, { after: newest.number - MOST_EVENTS }, MOST_EVENTS)
  let first = events.length
  while (first > 0) {
    const event = events[first - 1]
    if (!event || (await isInLog(store, feed, event)) || (await isTrimmed(store, feed, event))) break
    first -= 1
  }
  return events.slice(first)
}

async function isInLog(store: Store, feed: string, { position, chain }: ArchivedEvent): Promise<boolean> {
  const entry = await entryAt(store, feed, parsePosition(position)?.seq ?? 0)
  return entry?.chain === chain
}

/** Whether the log begins after this event, so that it does not tell. */
async function isTrimmed(
  { redis, keys }: Store,
  feed: string,
  { position }: ArchivedEvent,
): Promise<boolean> {
  const [first] = await redis.xrange(keys.feed(feed).log, '-', '+', 'COUNT', 1)
  return first !== undefined && Number.parseInt(first[0], 10) > (parsePosition(position)?.seq ?? 0)
}
