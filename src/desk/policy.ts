import { isBreakingUrgency, urgencies, type Urgency } from '../protocol/lists/urgencies.ts'
import { policySchema, type Policy } from '../protocol/policy.ts'
import { atLeast, roles, type Role } from '../protocol/lists/roles.ts'
import { fits } from '../protocol/text.ts'

/** Stands for a policy that cannot be read: a damaged record must not open a way around the rules. */
export const strictestPolicy: Policy = policySchema.parse({
  alone: Object.fromEntries(urgencies.map((urgency) => [urgency, 'nobody'])),
})

export function mayPublishAlone(policy: Policy, urgency: Urgency, role: Role | undefined): boolean {
  return isAtLevel(policy.alone[urgency], role)
}

export function isAtLevel(level: Policy['alone'][Urgency], role: Role | undefined): boolean {
  return level !== 'nobody' && atLeast(role, level)
}

/** Whether the two-person rule is on: headlines of some urgency need a chief, or always a second person. */
export function ruleIsOn({ alone }: Policy): boolean {
  return urgencies.some((urgency) => alone[urgency] === 'chief' || alone[urgency] === 'nobody')
}

/**
 * Whether a note on a removal goes to readers. Its words are new, so under the two-person rule one person alone may not
 * publish them; the removal itself takes effect at once.
 */
export function mayNoteAlone(policy: Policy, urgency: Urgency, role: Role | undefined): boolean {
  const level = policy.alone[urgency]
  return !(level === 'chief' || level === 'nobody') || mayPublishAlone(policy, urgency, role)
}

/** The time for which a headline is called breaking; the usual one where the policy has none. */
export function breakingMsOf({ breakingMs }: Policy, urgency: Urgency): number {
  return isBreakingUrgency(urgency) ? breakingMs[urgency] || strictestPolicy.breakingMs[urgency] : 0
}

/**
 * Whether a change of policy allows an act that was refused before, leaves less time to undo one, or erases something
 * sooner.
 */
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
    less(({ flashNeedsSecondFactor }) => Number(flashNeedsSecondFactor)) ||
    kept.some((part) => less(({ retention }) => retention?.[part] ?? Infinity))
  )
}

const kept = ['wordsDays', 'auditDays', 'addressesDays'] as const

export function needsSecondFactor(policy: Policy, urgency: Urgency): boolean {
  return urgency === 'flash' && policy.flashNeedsSecondFactor
}

export function isOverBudget(policy: Policy, text: string): boolean {
  return !fits(text, policy.maxGraphemes)
}

export function strictness(level: Policy['alone'][Urgency]): number {
  return level === 'nobody' ? roles.length : roles.indexOf(level)
}
