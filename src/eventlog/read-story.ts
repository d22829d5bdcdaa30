import type { Store } from './store/store.ts'
import { readSummaries, type HeadlineSummary } from './read-summaries.ts'
import { answered } from './store/scripts.ts'

/** Bounds the answer for a long story: older headlines are left out. */
const MAX_HEADLINES = 200

/** A feed's headlines of one story, newest first. Errors: UnavailableError. */
export async function readStory(store: Store, feed: string, story: string): Promise<HeadlineSummary[]> {
  const ids = await answered(store.redis.zrevrange(store.keys.feed(feed).story(story), 0, MAX_HEADLINES - 1))
  return (await readSummaries(store, feed, ids)).filter((headline) => headline !== undefined)
}
