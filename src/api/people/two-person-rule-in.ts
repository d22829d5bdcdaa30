import { ruleIsOn, strictestPolicy } from '../../desk/policy.ts'
import { listFeedIds } from '../../eventlog/feeds/feeds.ts'
import { inEachFeed } from '../../eventlog/feeds/in-each-feed.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { readPolicy } from '../../eventlog/feeds/policy.ts'
import type { Policy } from '../../protocol/policy.ts'

/** Whether the two-person rule is on in one of these feeds; `*` stands for all. Errors: UnavailableError. */
export async function twoPersonRuleIn(store: Store, feeds: readonly string[]): Promise<boolean> {
  return (await policiesOf(store, feeds)).some(ruleIsOn)
}

/** `*` stands for all feeds. Errors: UnavailableError. */
export async function policiesOf(store: Store, feeds: readonly string[]): Promise<Policy[]> {
  const concerned = feeds.includes('*') ? await listFeedIds(store) : feeds
  const stored = await inEachFeed(store, concerned, 'policy', (feed) => readPolicy(store, feed))
  const policies = stored.map(({ policy }) => policy)
  return policies.length < concerned.length ? [...policies, strictestPolicy] : policies
}
