import { actions, type Action } from '../protocol/lists/actions.ts'
import { isBreakingUrgency, type Urgency } from '../protocol/lists/urgencies.ts'
import type { Policy } from '../protocol/policy.ts'
import { atLeast, type Role } from '../protocol/lists/roles.ts'
import { isReleased, statuses, statusesIn, type Status } from '../protocol/lists/statuses.ts'
import { leastRole, needOf, type Need } from './actions.ts'
import { needsSecondFactor } from './policy.ts'
import type { DeskActor, DeskHeadline } from './desk-headline.ts'
import { isSecond, mayReleaseAlone, tookPartIn } from './two-person.ts'

export type PermissionCode =
  | 'forbidden'
  | 'illegal-action'
  | 'needs-decision'
  | 'two-person-required'
  | 'self-approval'
  | 'second-factor-required'

export interface Fault<Code extends string = PermissionCode> {
  readonly code: Code
  /** With `forbidden`: the lowest role that has the permission. */
  readonly role?: Role
}

/** Why this person may not perform the action on this headline now; undefined when they may. */
export function permissionFault(
  action: Action,
  headline: DeskHeadline,
  actor: DeskActor,
  policy: Policy,
): Fault | undefined {
  const role = leastRole(action)
  if (!atLeast(actor.role, role)) return { code: 'forbidden', role }
  const need = needNow(action, headline)
  if (need === undefined) {
    return { code: headline.status === 'needs-decision' ? 'needs-decision' : 'illegal-action' }
  }
  return needFault(need, action, headline, actor, policy)
}

/** The actions that this person may perform on this headline now. A correction may still become a proposal. */
export function allowedActions(headline: DeskHeadline, actor: DeskActor, policy: Policy): Action[] {
  return actions.filter((action) => permissionFault(action, headline, actor, policy) === undefined)
}

/**
 * The statuses in which the action would still be possible if the headline's status changes before the act is saved.
 */
export function statusesAllowing(action: Action, headline: DeskHeadline): Status[] {
  return statuses.filter((status) => needNow(action, { ...headline, status }) !== undefined)
}

export function lacksSecondFactor(policy: Policy, urgency: Urgency, actor: DeskActor): boolean {
  return needsSecondFactor(policy, urgency) && !actor.secondFactor
}

function needNow(action: Action, headline: DeskHeadline): Need | undefined {
  const need = needOf(action, headline.status)
  return need !== undefined && isPossible(action, headline) ? need : undefined
}

/** Conditions of an action that do not follow from the status alone. */
function isPossible(action: Action, headline: DeskHeadline): boolean {
  const { status, content, desk, pinned, publishedAt, needsAttention } = headline
  switch (action) {
    case 'approve':
    case 'return':
    case 'reject':
      return status === 'pending' || desk.proposal !== undefined
    case 'pin':
      return pinned !== true
    case 'unpin':
      return pinned === true
    case 'label':
    case 'unlabel':
      return isBreakingUrgency(content.urgency)
    case 'withdraw':
      return publishedAt !== undefined || !neverReleased.includes(status)
    case 'attended':
      return needsAttention === true
    default:
      return true
  }
}

/** In these statuses a headline is discarded, not withdrawn, unless it was released before and then restored. */
const neverReleased = statusesIn('drafting')

function needFault(
  need: Need,
  action: Action,
  headline: DeskHeadline,
  actor: DeskActor,
  policy: Policy,
): Fault | undefined {
  const { content, desk, status } = headline
  const isEditor = atLeast(actor.role, 'editor')
  switch (need) {
    case 'reporter':
      return undefined
    case 'editor':
      return isEditor ? undefined : { code: 'forbidden', role: 'editor' }
    case 'author':
      return isEditor || tookPartIn(desk, actor.person) ? undefined : { code: 'forbidden', role: 'editor' }
    case 'editor-alone':
      if (!isEditor) return { code: 'forbidden', role: 'editor' }
      return needFault('alone', action, headline, actor, policy)
    case 'alone':
      if (!mayReleaseAlone(headline, actor, policy)) return { code: 'two-person-required' }
      return secondFactorFault(policy, content.urgency, actor)
    case 'second': {
      if (!isEditor) return { code: 'forbidden', role: 'editor' }
      if (!isSecond(headline, actor, policy)) {
        return { code: action === 'approve' ? 'self-approval' : 'two-person-required' }
      }
      const approved = isReleased(status) ? (desk.proposal?.content ?? content) : content
      return secondFactorFault(policy, approved.urgency, actor)
    }
  }
}

function secondFactorFault(policy: Policy, urgency: Urgency, actor: DeskActor): Fault | undefined {
  return lacksSecondFactor(policy, urgency, actor) ? { code: 'second-factor-required' } : undefined
}
