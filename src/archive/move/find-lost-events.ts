import { entryAt } from '../../eventlog/read-log.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { parsePosition } from '../../protocol/position.ts'
import type { Archive, ArchivedEvent } from '../archive.ts'

/** Older lost events are not looked for: a strip and its removals are fewer. */
const MOST_EVENTS = 5_000
const EVENTS_PER_READ = 500

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
    const events = await eventsThrough(archive, feed, newest.number - reach, end)
    for (const event of events.reverse()) {
      if ((await isInLog(store, feed, event)) || (await isTrimmed(store, feed, event))) return lost
      lost.unshift(event)
      if (lost.length === MOST_EVENTS) return lost
    }
    end = newest.number - reach
    if (end <= 0) return lost
  }
}

/** Events with `after` < number <= `through`, oldest first. */
async function eventsThrough(
  archive: Archive,
  feed: string,
  after: number,
  through: number,
): Promise<ArchivedEvent[]> {
  const events: ArchivedEvent[] = []
  for (let last = after; ;) {
    const page = await archive.readEvents(feed, { after: last }, EVENTS_PER_READ)
    const wanted = page.filter(({ number }) => number <= through)
    events.push(...wanted)
    if (wanted.length < EVENTS_PER_READ) return events
    last = wanted.at(-1)?.number ?? through
  }
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
