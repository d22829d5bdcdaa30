import type { Store } from '../../eventlog/store/store.ts'
import { Problem } from '../../platform/problem.ts'
import { raisedIn, type FeedRoles } from '../../protocol/feed-roles.ts'
import type { Principal } from '../http/principal.ts'
import { policiesOf } from './two-person-rule-in.ts'

/**
 * A session without a second factor gives nobody rights in a feed whose policy asks for one: the key or the person with
 * these rights could release a flash there in its place. Errors: Problem, UnavailableError.
 */
export async function requireSecondFactor(
  store: Store,
  who: Principal,
  given: FeedRoles = {},
  before: FeedRoles = {},
): Promise<void> {
  if (who.secondFactor) return
  const policies = await policiesOf(store, raisedIn(before, given))
  if (policies.some(({ flashNeedsSecondFactor }) => flashNeedsSecondFactor))
    throw new Problem('second-factor-required')
}
