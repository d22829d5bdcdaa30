import { ruleIsOn } from '../../desk/policy.ts'
import { listFeeds } from '../../eventlog/feeds/feeds.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { readPolicy } from '../../eventlog/feeds/policy.ts'

/** Whether the two-person rule is on in one of these feeds; `*` stands for all. Errors: UnavailableError. */
export async function twoPersonRuleIn(store: Store, feeds: readonly string[]): Promise<boolean> {
  const concerned = feeds.includes('*') ? (await listFeeds(store)).map(({ id }) => id) : feeds
  const policies = await Promise.all(concerned.map((feed) => readPolicy(store, feed)))
  return policies.some(({ policy }) => ruleIsOn(policy))
}
