import type { Refusal } from '../../desk/decision.ts'
import { differences } from '../../desk/differences.ts'
import { contentOf, type HeadlineRecord } from '../../eventlog/read-headline.ts'
import { recordFor } from '../http/addresses.ts'
import type { Principal } from '../http/principal.ts'
import { Problem } from '../../platform/problem.ts'
import type { Policy } from '../../protocol/policy.ts'

/** How a refusal of the newsroom's rules is answered. */
export function refusalProblem(
  { code, role, allowed }: Refusal,
  policy: Policy,
  record?: HeadlineRecord,
): Problem {
  switch (code) {
    case 'forbidden':
      return new Problem(code, { extra: { detail: `This needs the role ${role} in this feed.`, allowed } })
    case 'illegal-action':
    case 'needs-decision':
      return new Problem(code, { extra: { headlineStatus: record?.status, allowed } })
    case 'text-too-long':
      return new Problem(code, { extra: { maxGraphemes: policy.maxGraphemes } })
    default:
      return new Problem(code)
  }
}

/** The answer to an act on an older version: the headline as it is now, and what has changed since. */
export function staleProblem(record: HeadlineRecord, seen: number, who: Principal, feed: string): Problem {
  const before = contentOf(record, seen)
  const diff = before && record.content ? differences(before, record.content) : []
  return new Problem('stale-version', { extra: { current: recordFor(who, feed, record), diff } })
}
