import { ruleIsOn } from '../../desk/policy.ts'
import { listFeeds } from '../../eventlog/feeds.ts'
import type { EventLog } from '../../eventlog/log.ts'
import { readPolicy } from '../../eventlog/policy.ts'

/** Whether the two-person rule is on in one of these feeds; `*` stands for all. Errors: UnavailableError. */
export async function twoPersonRuleIn(log: EventLog, feeds: readonly string[]): Promise<boolean> {
  const concerned = feeds.includes('*') ? (await listFeeds(log)).map(({ id }) => id) : feeds
  const policies = await Promise.all(concerned.map((feed) => readPolicy(log, feed)))
  return policies.some(({ policy }) => ruleIsOn(policy))
}
