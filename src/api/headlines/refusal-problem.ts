import type { Refusal } from '../../desk/decision.ts'
import type { DeskHeadline } from '../../desk/desk-headline.ts'
import { differences } from '../../desk/differences.ts'
import { permissionFault } from '../../desk/permission.ts'
import { contentOf, type HeadlineRecord } from '../../eventlog/read-headline.ts'
import { recordFor } from '../http/addresses.ts'
import type { Principal } from '../http/principal.ts'
import { Problem } from '../../platform/problem.ts'
import { roleIn } from '../../protocol/feed-roles.ts'
import type { People } from '../../people/people.ts'
import { selfApprovalProblem } from '../http/self-approval-problem.ts'
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
    case 'embargoed':
      return new Problem(code, { extra: untilOf(record) })
    case 'two-person-required':
      return new Problem(code, { extra: waitsForTime(record) ? { detail: TIME_WAS_ACCEPTED } : {} })
    default:
      return new Problem(code)
  }
}

const TIME_WAS_ACCEPTED =
  'Its words and time were accepted. For an earlier time take it back (`undo` or `discard`), restore or change it, and submit it for that time; another person approves it.'

function untilOf(record?: HeadlineRecord): { readonly embargoUntil?: string } {
  const { embargoUntil } = record?.desk ?? {}
  return embargoUntil === undefined ? {} : { embargoUntil: new Date(embargoUntil).toISOString() }
}

function waitsForTime(record?: HeadlineRecord): boolean {
  return record?.status === 'due' || record?.status === 'needs-decision'
}

/** The answer to a person who may not approve the headline names those who may. Errors: UnavailableError. */
export function selfApproval(
  people: People,
  feed: string,
  headline: DeskHeadline,
  policy: Policy,
): Promise<Problem> {
  return selfApprovalProblem(people, 'editor', ({ id, roles }) => {
    const actor = { person: id, role: roleIn(roles, feed), secondFactor: true }
    return permissionFault('approve', headline, actor, policy) === undefined
  })
}

/** The answer to an act on an older version: the headline as it is now, and what has changed since. */
export function staleProblem(record: HeadlineRecord, seen: number, who: Principal, feed: string): Problem {
  const before = contentOf(record, seen)
  const diff = before && record.content ? differences(before, record.content) : []
  return new Problem('stale-version', { extra: { current: recordFor(who, feed, record), diff } })
}
