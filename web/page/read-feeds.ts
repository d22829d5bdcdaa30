import { readable, readFeedTitle, record } from '../sdk/read-frame.ts'
import type { FeedTitle } from '../sdk/types.ts'

/** The answer of `GET /v1/feeds`, without what is no feed. Errors: TypeError where it is no such answer. */
export function readFeeds(answer: unknown): FeedTitle[] {
  return readable(record(answer).feeds, readFeedTitle)
}
