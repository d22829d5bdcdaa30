import { urgencies, type Urgency } from '../protocol/headline.ts'
import type { Policy } from '../protocol/policy.ts'
import { atLeast, roles, type Role } from '../protocol/roles.ts'
import { fits } from '../protocol/text.ts'

export function mayPublishAlone(policy: Policy, urgency: Urgency, role: Role | undefined): boolean {
  const level = policy.alone[urgency]
  return level !== 'nobody' && atLeast(role, level)
}

/** The two-person rule: some line takes a chief, or a second person whoever writes it. */
export function ruleIsOn({ alone }: Policy): boolean {
  return urgencies.some((urgency) => alone[urgency] === 'chief' || alone[urgency] === 'nobody')
}

/** Whether a change lets anything pass that was stopped before, or leaves less time to stop it. */
export function isWider(before: Policy, after: Policy): boolean {
  const more = (of: (policy: Policy) => number) => of(after) > of(before)
  const less = (of: (policy: Policy) => number) => of(after) < of(before)
  return (
    urgencies.some(
      (urgency) =>
        less(({ alone }) => strictness(alone[urgency])) ||
        less(({ undoMs }) => undoMs[urgency]) ||
        more(({ expiry }) => expiry[urgency].maxMs),
    ) ||
    more(({ maxGraphemes }) => maxGraphemes) ||
    less(({ duplicateWithinMs }) => duplicateWithinMs) ||
    more(({ releasesPerMinute }) => releasesPerMinute) ||
    more(({ maxDriftMs }) => maxDriftMs) ||
    less(({ flashNeedsSecondFactor }) => Number(flashNeedsSecondFactor))
  )
}

export function needsSecondFactor(policy: Policy, urgency: Urgency): boolean {
  return urgency === 'flash' && policy.flashNeedsSecondFactor
}

/** When a line goes out that is released at `now`; undefined: at once. */
export function endOfUndo(policy: Policy, urgency: Urgency, now: number): number | undefined {
  const undoMs = policy.undoMs[urgency]
  return undoMs === 0 ? undefined : now + undoMs
}

export function isOverBudget(policy: Policy, text: string): boolean {
  return !fits(text, policy.maxGraphemes)
}

function strictness(level: Policy['alone'][Urgency]): number {
  return level === 'nobody' ? roles.length : roles.indexOf(level)
}
