import type { NewEvent } from '../archive.ts'
import { eventsFromTo, recentFromTo } from './events-between.ts'
import type { Sources } from './sources.ts'

/** As `eventsFromTo`; without an archive, the events that the log still has. Errors: UnavailableError, ArchiveError. */
export function knownEvents(
  { store, archive }: Sources,
  feed: string,
  range: { readonly from: number; readonly to: number },
): AsyncGenerator<NewEvent> {
  const opened = archive()
  if (opened) return eventsFromTo(store, opened, feed, range)
  return recentFromTo(store, feed, 0, { ...range, released: 0 })
}
