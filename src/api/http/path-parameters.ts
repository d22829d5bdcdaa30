import { readFeed } from '../../eventlog/feeds/feeds.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { feedIdSchema, type Feed } from '../../protocol/feed.ts'
import { Problem } from '../../platform/problem.ts'
import type { Call } from './route.ts'

/** Errors: Problem. */
export function feedIdOf({ params }: Call<unknown>): string {
  const read = feedIdSchema.safeParse(params.feed)
  if (!read.success) throw new Problem('no-such-feed')
  return read.data
}

/** Errors: Problem, UnavailableError. */
export async function feedOf(store: Store, call: Call<unknown>): Promise<Feed> {
  const feed = await readFeed(store, feedIdOf(call))
  if (!feed) throw new Problem('no-such-feed')
  return feed
}
