import type { Store } from './store/store.ts'
import { answered } from './store/scripts.ts'

/** Ids of the lines that came out as news at `since` (ms) or later, for the first time or again, newest first. Errors: UnavailableError. */
export async function readReleasedSince(
  store: Store,
  feed: string,
  since: number,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<string[]> {
  const { released } = store.keys.feed(feed)
  return answered(store.redis.zrevrangebyscore(released, '+inf', since, 'LIMIT', offset, limit))
}
