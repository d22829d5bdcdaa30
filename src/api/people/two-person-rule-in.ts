import { ruleIsOn } from '../../desk/policy.ts'
import { listFeeds } from '../../eventlog/feeds/feeds.ts'
import { inEachFeed } from '../../eventlog/feeds/in-each-feed.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { readPolicy } from '../../eventlog/feeds/policy.ts'
import { urgencies } from '../../protocol/lists/urgencies.ts'
import { policySchema, type Policy } from '../../protocol/policy.ts'

/** Whether the two-person rule is on in one of these feeds; `*` stands for all. Errors: UnavailableError. */
export async function twoPersonRuleIn(store: Store, feeds: readonly string[]): Promise<boolean> {
  return (await policiesOf(store, feeds)).some(ruleIsOn)
}

/** Stands for a policy that cannot be read: a damaged record must not open a way around the rules. */
const STRICTEST = policySchema.parse({
  alone: Object.fromEntries(urgencies.map((urgency) => [urgency, 'nobody'])),
})

/** `*` stands for all feeds. Errors: UnavailableError. */
export async function policiesOf(store: Store, feeds: readonly string[]): Promise<Policy[]> {
  const concerned = feeds.includes('*') ? (await listFeeds(store)).map(({ id }) => id) : feeds
  const stored = await inEachFeed(store, concerned, 'policy', (feed) => readPolicy(store, feed))
  const policies = stored.map(({ policy }) => policy)
  return policies.length < concerned.length ? [...policies, STRICTEST] : policies
}
