import type { EventLog } from './log.ts'
import { answered } from './scripts.ts'

/** Ids of the lines first released at `since` (ms) or later, newest first. Errors: UnavailableError. */
export async function readReleasedSince(
  log: EventLog,
  feed: string,
  since: number,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<string[]> {
  const { released } = log.keys.feed(feed)
  return answered(log.redis.zrevrangebyscore(released, '+inf', since, 'LIMIT', offset, limit))
}
