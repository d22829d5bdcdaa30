import type { EventLog } from './log.ts'
import { answered } from './scripts.ts'

/** Ids of the lines that came out as news at `since` (ms) or later, for the first time or again, newest first. Errors: UnavailableError. */
export async function readReleasedSince(
  log: EventLog,
  feed: string,
  since: number,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<string[]> {
  const { released } = log.keys.feed(feed)
  return answered(log.redis.zrevrangebyscore(released, '+inf', since, 'LIMIT', offset, limit))
}
