import type { Action } from '../protocol/lists/actions.ts'
import type { DeskState } from '../protocol/desk-state.ts'
import type { Policy } from '../protocol/policy.ts'
import { isStop } from './actions.ts'
import type { Decision, NewHeadline, Refusal, Step, StepFault, Wish } from './decision.ts'
import { comparableText } from './duplicates.ts'
import { allowedActions, permissionFault, statusesAllowing } from './permission.ts'
import type { DeskActor, DeskHeadline } from './desk-headline.ts'
import { keep } from './drafting.ts'
import { stepOf } from './step-of.ts'
import { indexTerms } from './words.ts'

/**
 * The newsroom's rules: what the requested act changes in the headline, or why it is refused. `now` is ms since 1970.
 */
export function decide(
  headline: DeskHeadline,
  wish: Wish,
  actor: DeskActor,
  policy: Policy,
  now: number,
): Decision | Refusal {
  const { action } = wish
  const outcome =
    permissionFault(action, headline, actor, policy) ?? stepOf(wish, { headline, actor, policy, now })
  return 'code' in outcome
    ? refusal(outcome, headline, actor, policy)
    : decision(action, outcome, statusesAllowing(action, headline))
}

/** A new headline is a draft that the same act keeps, submits or releases. */
export function decideNew(
  created: NewHeadline,
  actor: DeskActor,
  policy: Policy,
  now: number,
): Decision | Refusal {
  const headline = draftOf(created, actor)
  const decided =
    created.then === 'keep'
      ? decideKeep(headline, actor, policy)
      : decide(headline, wishOf(created), actor, policy, now)
  if (decided.kind === 'refusal') return decided
  const { content = headline.content, desk = headline.desk } = decided
  return { ...decided, content, desk, words: indexTerms(headline.content.text), allowed: [] }
}

function decideKeep(headline: DeskHeadline, actor: DeskActor, policy: Policy): Decision | Refusal {
  const outcome = permissionFault('save', headline, actor, policy) ?? keep(headline, policy)
  return 'code' in outcome ? refusal(outcome, headline, actor, policy) : decision('save', outcome, [])
}

function draftOf({ content, releaseAt, embargoUntil }: NewHeadline, { person }: DeskActor): DeskHeadline {
  const desk: DeskState = {
    createdBy: person,
    authors: [person],
    ...(releaseAt !== undefined && { releaseAt }),
    ...(embargoUntil !== undefined && { embargoUntil }),
  }
  return { version: 0, status: 'draft', content, desk }
}

/** Without a time of its own, a headline under an embargo is released at the end of the embargo. */
function wishOf({ then, embargoUntil, releaseAt = embargoUntil }: NewHeadline): Wish {
  if (then === 'submit') return { action: 'submit', ...(releaseAt !== undefined && { releaseAt }) }
  return releaseAt === undefined ? { action: 'release' } : { action: 'schedule', releaseAt }
}

function decision(action: Action, step: Step, allowed: Decision['allowed']): Decision {
  const { due, content } = step
  const text = content && 'text' in content ? content.text : undefined
  const goesOut = due.kind === 'add' || due.kind === 'edit'
  return {
    kind: 'decision',
    action,
    allowed,
    ...step,
    ...(text !== undefined && { words: indexTerms(text) }),
    ...(text !== undefined && goesOut && { text, comparable: comparableText(text) }),
    isNews: due.kind === 'add' && due.op === 'publish',
    isRelease: due.kind === 'add' && !isStop(action) && action !== 'expire',
  }
}

function refusal(fault: StepFault, headline: DeskHeadline, actor: DeskActor, policy: Policy): Refusal {
  return { kind: 'refusal', ...fault, allowed: allowedActions(headline, actor, policy) }
}
