import { readable, readFeedTitle, record } from '../sdk/read-frame.ts'
import type { FeedTitle } from '../sdk/types.ts'

/** The feeds in an answer of `GET /v1/feeds`; invalid entries are left out. Errors: TypeError if there is no list. */
export function readFeeds(answer: unknown): FeedTitle[] {
  return readable(record(answer).feeds, readFeedTitle)
}
