import { isBreakingUrgency, urgencies, type Urgency } from '../../../src/protocol/lists/urgencies.ts'
import type { Policy } from '../../../src/protocol/policy.ts'

/** The meaning of one change of a policy, as a message with its numbers. */
export interface PolicyChange {
  readonly id: `policyChange.${string}`
  readonly urgency?: Urgency
  readonly count?: number
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const keptParts = ['wordsDays', 'auditDays', 'addressesDays'] as const

/** The effects that the newsroom will notice when `after` replaces `before`, the widest first. */
export function policyChanges(before: Policy, after: Policy): PolicyChange[] {
  const changes: PolicyChange[] = []
  if (ruleIsOn(before) !== ruleIsOn(after))
    changes.push({ id: ruleIsOn(after) ? 'policyChange.ruleOn' : 'policyChange.ruleOff' })
  for (const urgency of urgencies) changes.push(...changesOfUrgency(urgency, before, after))
  const changed = (part: keyof Policy) => before[part] !== after[part]
  if (changed('flashNeedsSecondFactor'))
    changes.push({ id: after.flashNeedsSecondFactor ? 'policyChange.factorOn' : 'policyChange.factorOff' })
  if (changed('maxGraphemes')) changes.push({ id: 'policyChange.text', count: after.maxGraphemes })
  if (changed('duplicateWithinMs'))
    changes.push(
      after.duplicateWithinMs === 0
        ? { id: 'policyChange.duplicatesOff' }
        : { id: 'policyChange.duplicates', count: after.duplicateWithinMs / HOUR_MS },
    )
  if (changed('releasesPerMinute')) changes.push({ id: 'policyChange.pace', count: after.releasesPerMinute })
  if (changed('maxDriftMs')) changes.push({ id: 'policyChange.drift', count: after.maxDriftMs / 1_000 })
  for (const part of keptParts) {
    const days = after.retention?.[part]
    if (days === before.retention?.[part]) continue
    changes.push(
      days === undefined
        ? { id: `policyChange.${part}.forever` }
        : { id: `policyChange.${part}`, count: days },
    )
  }
  return changes
}

function changesOfUrgency(urgency: Urgency, before: Policy, after: Policy): PolicyChange[] {
  const changes: PolicyChange[] = []
  const level = after.alone[urgency]
  if (level !== before.alone[urgency]) changes.push({ id: `policyChange.alone.${level}`, urgency })
  const undoMs = after.undoMs[urgency]
  if (undoMs !== before.undoMs[urgency])
    changes.push(
      undoMs === 0
        ? { id: 'policyChange.undoOff', urgency }
        : { id: 'policyChange.undo', urgency, count: undoMs / 1_000 },
    )
  if (isBreakingUrgency(urgency) && after.breakingMs[urgency] !== before.breakingMs[urgency])
    changes.push(
      after.breakingMs[urgency] === 0
        ? { id: 'policyChange.breakingOff', urgency }
        : { id: 'policyChange.breaking', urgency, count: after.breakingMs[urgency] / MINUTE_MS },
    )
  const { defaultMs, maxMs } = after.expiry[urgency]
  if (defaultMs !== before.expiry[urgency].defaultMs)
    changes.push({ id: 'policyChange.expiry', urgency, count: defaultMs / HOUR_MS })
  if (maxMs !== before.expiry[urgency].maxMs)
    changes.push({ id: 'policyChange.longest', urgency, count: maxMs / HOUR_MS })
  return changes
}

/** As the API sees it: a headline of some urgency takes a chief, or always a second person. */
function ruleIsOn({ alone }: Policy): boolean {
  return urgencies.some((urgency) => alone[urgency] === 'chief' || alone[urgency] === 'nobody')
}
