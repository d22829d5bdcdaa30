import { entryAt, eventOf, readAfter, type LogEntry } from '../eventlog/read-log.ts'
import type { Store } from '../eventlog/store/store.ts'
import { parsePosition } from '../protocol/position.ts'
import type { Archive, ArchivedEvent, NewEvent } from './archive.ts'

/** The same events in Redis's log and in the archive. */

const EVENTS_PER_READ = 500

export function seqOf({ position }: Pick<NewEvent, 'position'>): number {
  return parsePosition(position)?.seq ?? 0
}

/** An entry of the log as the archive keeps it. */
export function newEventOf(entry: LogEntry): NewEvent {
  const { position, at, headline } = eventOf(entry)
  return { position, at: Date.parse(at), headline: headline.id, chain: entry.chain, frame: entry.json }
}

/** Errors: UnavailableError. */
export async function isInLog(store: Store, feed: string, event: ArchivedEvent): Promise<boolean> {
  return (await entryAt(store, feed, seqOf(event)))?.chain === event.chain
}

/** Whether the log begins after this event, so that it does not tell. Errors: UnavailableError. */
export async function isTrimmed(store: Store, feed: string, event: ArchivedEvent): Promise<boolean> {
  const [first] = await readAfter(store, feed, 0, 1)
  return first !== undefined && first.seq > seqOf(event)
}

/**
 * The archive has the log of Redis up to this seq; 0: it has nothing, or Redis has lost its newest event. Errors:
 * UnavailableError.
 */
export async function copiedSeq(
  store: Store,
  feed: string,
  newest: ArchivedEvent | undefined,
): Promise<number> {
  return newest && (await isInLog(store, feed, newest)) ? seqOf(newest) : 0
}

/** The events of the log in Redis after a seq, oldest first. Errors: UnavailableError. */
export async function* recentEvents(store: Store, feed: string, after: number): AsyncGenerator<NewEvent> {
  let last = after
  for (;;) {
    const entries = await readAfter(store, feed, last, EVENTS_PER_READ)
    for (const entry of entries) yield newEventOf(entry)
    if (entries.length < EVENTS_PER_READ) return
    last = entries.at(-1)?.seq ?? last
  }
}

/** Archived events with `after` < number <= `through`, oldest first. Errors: ArchiveError. */
export async function archivedBetween(
  archive: Archive,
  feed: string,
  after: number,
  through: number,
): Promise<ArchivedEvent[]> {
  const events: ArchivedEvent[] = []
  for (let last = after; ;) {
    const read = await archive.readEvents(feed, { after: last }, EVENTS_PER_READ)
    const wanted = read.filter(({ number }) => number <= through)
    events.push(...wanted)
    const newest = wanted.at(-1)
    if (!newest || wanted.length < EVENTS_PER_READ) return events
    last = newest.number
  }
}
