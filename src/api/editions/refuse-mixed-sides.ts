import { readPart } from '../../eventlog/editions.ts'
import { listFeedIds, readFeeds } from '../../eventlog/feeds/feeds.ts'
import { inEachFeed } from '../../eventlog/feeds/in-each-feed.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { Problem } from '../../platform/problem.ts'

/**
 * Drills and real feeds share no edition, so no act on all parts passes from one side to the other. Errors: Problem,
 * UnavailableError.
 */
export async function refuseMixedSides(store: Store, feeds: readonly string[]): Promise<void> {
  const sides = new Set((await readFeeds(store, feeds)).map(({ drill = false }) => drill))
  if (sides.size <= 1) return
  const errors = [{ field: '', message: 'drills and real feeds share no edition' }]
  throw new Problem('invalid-body', { extra: { errors } })
}

/** As `refuseMixedSides`, for a feed beside those that have a part of the edition. */
export async function refuseOtherSide(store: Store, edition: string, feed: string): Promise<void> {
  const found = await inEachFeed(store, await listFeedIds(store), 'edition', async (each) =>
    (await readPart(store, each, edition)) === undefined ? [] : [each],
  )
  await refuseMixedSides(store, [feed, ...found.flat()])
}
