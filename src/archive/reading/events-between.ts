import type { Store } from '../../eventlog/store/store.ts'
import type { Archive, ArchivedEvent, NewEvent } from '../archive.ts'
import { recentEvents, seqOf } from '../log-events.ts'
import { findBorder } from './find-border.ts'

const EVENTS_PER_READ = 500

/**
 * The events of a feed that were released from `from` to `to` (ms, both included), in the order of release, those of
 * epochs that ended with a loss included. Holds one page in memory. Errors: UnavailableError, ArchiveError.
 */
export async function* eventsFromTo(
  store: Store,
  archive: Archive,
  feed: string,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<NewEvent> {
  let last: ArchivedEvent | undefined
  for (;;) {
    // Before the page: a short page then has all events up to the border.
    const border = await findBorder(store, archive, feed)
    const page = await archive.readEvents(feed, { from, to, after: last?.number ?? 0 }, EVENTS_PER_READ)
    yield* page
    last = page.at(-1) ?? last
    if (page.length === EVENTS_PER_READ) continue
    const isCopiedSince = last !== undefined && last.number > (border.newest?.number ?? 0)
    const after = isCopiedSince && last ? seqOf(last) : border.after
    yield* recentFromTo(store, feed, after, { from, to, released: border.newest?.at ?? 0 })
    return
  }
}

/** Events of the log in Redis after a seq. `released`: the time of the newest event before them. */
export async function* recentFromTo(
  store: Store,
  feed: string,
  after: number,
  { from, to, released: before }: { readonly from: number; readonly to: number; readonly released: number },
): AsyncGenerator<NewEvent> {
  let released = before
  for await (const event of recentEvents(store, feed, after)) {
    released = Math.max(released, event.at)
    if (released > to) return
    if (released >= from) yield event
  }
}
