import type { Store } from './store/store.ts'
import { readSummaries, type HeadlineSummary } from './read-summaries.ts'
import { answered } from './store/scripts.ts'

/** Protects the reader: newer lines hide older ones. */
const MOST_LINES = 200

/** A feed's lines of one story, newest first. Errors: UnavailableError. */
export async function readStory(store: Store, feed: string, story: string): Promise<HeadlineSummary[]> {
  const ids = await answered(store.redis.zrevrange(store.keys.feed(feed).story(story), 0, MOST_LINES - 1))
  return (await readSummaries(store, feed, ids)).filter((line) => line !== undefined)
}
