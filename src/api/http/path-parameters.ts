import { feedExists } from '../../eventlog/feeds/feeds.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { feedIdSchema } from '../../protocol/feed.ts'
import { Problem } from '../../platform/problem.ts'
import type { Call } from './route.ts'

/** Errors: Problem. */
export function feedIdOf({ params }: Call<unknown>): string {
  const read = feedIdSchema.safeParse(params.feed)
  if (!read.success) throw new Problem('no-such-feed')
  return read.data
}

/** The id of a feed that exists, even where its definition is damaged. Errors: Problem, UnavailableError. */
export async function existingFeedOf(store: Store, call: Call<unknown>): Promise<string> {
  const feed = feedIdOf(call)
  if (!(await feedExists(store, feed))) throw new Problem('no-such-feed')
  return feed
}
