import type { Store } from '../../eventlog/store/store.ts'
import type { Archive, ArchivedEvent } from '../archive.ts'
import { archivedBetween, isInLog, isTrimmed } from '../log-events.ts'

/** Older lost events are not looked for: a strip and its removals are fewer. */
const MOST_EVENTS = 5_000

/**
 * The archived events that the log in Redis has lost, oldest first: an older copy of Redis was restored, or a replica
 * without them took over. Errors: UnavailableError, ArchiveError.
 */
export async function findLostEvents(store: Store, archive: Archive, feed: string): Promise<ArchivedEvent[]> {
  const newest = await archive.readNewestEvent(feed)
  if (!newest || (await isInLog(store, feed, newest)) || (await isTrimmed(store, feed, newest))) return []
  const lost: ArchivedEvent[] = []
  // The numbers run over all feeds, so one feed's events may be far apart.
  for (let reach = MOST_EVENTS, end = newest.number; ; reach *= 8) {
    const events = await archivedBetween(archive, feed, newest.number - reach, end)
    for (const event of events.reverse()) {
      if ((await isInLog(store, feed, event)) || (await isTrimmed(store, feed, event))) return lost
      lost.unshift(event)
      if (lost.length === MOST_EVENTS) return lost
    }
    end = newest.number - reach
    if (end <= 0) return lost
  }
}
