import type { EventLog } from './log.ts'
import { readSummaries, type HeadlineSummary } from './read-summaries.ts'
import { answered } from './scripts.ts'

/** Protects the reader: newer lines hide older ones. */
const MOST_LINES = 200

/** A feed's lines of one story, newest first. Errors: UnavailableError. */
export async function readStory(log: EventLog, feed: string, story: string): Promise<HeadlineSummary[]> {
  const ids = await answered(log.redis.zrevrange(log.keys.feed(feed).story(story), 0, MOST_LINES - 1))
  return (await readSummaries(log, feed, ids)).filter((line) => line !== undefined)
}
