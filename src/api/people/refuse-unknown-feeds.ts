import { feedExists } from '../../eventlog/feeds/feeds.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { Problem } from '../../platform/problem.ts'
import type { FeedRoles } from '../../protocol/feed-roles.ts'

/**
 * Refuses roles in feeds that do not exist: they would take effect, without an approval, in a feed that is created
 * later with the two-person rule. Errors: Problem, UnavailableError.
 */
export async function refuseUnknownFeeds(store: Store, roles: FeedRoles): Promise<void> {
  const named = Object.keys(roles).filter((feed) => feed !== '*')
  const found = await Promise.all(named.map((feed) => feedExists(store, feed)))
  const errors = named
    .filter((_, index) => found[index] === false)
    .map((feed) => ({ field: `/roles/${feed}`, message: 'there is no such feed' }))
  if (errors.length > 0) throw new Problem('unknown-feed', { extra: { errors } })
}
