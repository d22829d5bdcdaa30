import type { FeedTitle } from './feed.ts'
import type { FeedState, HelloFrame, Page, ResetFrame, Snapshot } from './frames.ts'
import type { LiveHeadline } from './headline.ts'
import type { ResetReason } from './lists/reset-reasons.ts'
import { PROTOCOL_VERSION } from './protocol-version.ts'

/** The answers of the reader's transports, made from a strip. The order of their members is the one that readers get. */

export interface Cursor {
  readonly position: string
  readonly mark?: string | undefined
}

/** The members of a frame that its reader gives back. */
export function cursorOf({ position, mark }: Cursor) {
  return { position, ...(mark !== undefined && { mark }) }
}

/** `optional`: the members that are not always there. */
export function helloFrame(
  feed: FeedTitle,
  position: string,
  heartbeatMs: number,
  atMs: number,
  optional: FeedState & Pick<HelloFrame, 'acks'> = {},
): HelloFrame {
  return {
    type: 'hello',
    protocol: PROTOCOL_VERSION,
    feed,
    position,
    heartbeatMs,
    serverTime: new Date(atMs).toISOString(),
    ...optional,
  }
}

export function resetFrame(reason: ResetReason, cursor: Cursor, strip: readonly LiveHeadline[]): ResetFrame {
  return { type: 'reset', reason, ...cursorOf(cursor), strip }
}

export function snapshotOf(
  feed: FeedTitle,
  cursor: Cursor,
  strip: readonly LiveHeadline[],
  feedState: FeedState = {},
): Snapshot {
  return { feed, ...cursorOf(cursor), strip, ...feedState }
}

/** The page of a reader that must begin anew. */
export function resetPage(
  reset: ResetFrame,
  optional: Pick<Page, 'serverTime' | 'feed' | 'stale' | 'frozen'> = {},
): Page {
  return { ...cursorOf(reset), reset, events: [], more: false, ...optional }
}

/** A frame as a server-sent event; `id`: its position. */
export function eventText(json: string, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${json}\n\n`
}
