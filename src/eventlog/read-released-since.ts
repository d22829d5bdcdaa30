import type { Store } from './store/store.ts'
import { answered } from './store/scripts.ts'

/** Ids of the headlines that were published at `since` (ms) or later, newest first. Errors: UnavailableError. */
export async function readReleasedSince(
  store: Store,
  feed: string,
  since: number,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<string[]> {
  const { released } = store.keys.feed(feed)
  return answered(store.redis.zrevrangebyscore(released, '+inf', since, 'LIMIT', offset, limit))
}
