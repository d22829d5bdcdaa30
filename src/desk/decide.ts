import type { Action } from '../protocol/actions.ts'
import type { DeskState } from '../protocol/desk-state.ts'
import type { Policy } from '../protocol/policy.ts'
import { isStop } from './actions.ts'
import type { Decision, NewLine, Refusal, Step, StepFault, Wish } from './decision.ts'
import { comparableText } from './duplicates.ts'
import { allowedActions, permissionFault, statusesAllowing } from './permission.ts'
import type { Actor, Standing } from './standing.ts'
import { keep } from './drafting.ts'
import { stepOf } from './steps.ts'
import { indexTerms } from './words.ts'

/** The newsroom's rules: what becomes of a headline by somebody's wish, or why not. `now` is ms since 1970. */
export function decide(
  standing: Standing,
  wish: Wish,
  actor: Actor,
  policy: Policy,
  now: number,
): Decision | Refusal {
  const { action } = wish
  const outcome =
    permissionFault(action, standing, actor, policy) ?? stepOf(wish, { standing, actor, policy, now })
  return 'code' in outcome
    ? refusal(outcome, standing, actor, policy)
    : decision(action, outcome, statusesAllowing(action, standing))
}

/** A new line is a draft that is kept, submitted or released in the same breath. */
export function decideNew(line: NewLine, actor: Actor, policy: Policy, now: number): Decision | Refusal {
  const standing = draftOf(line, actor)
  const decided =
    line.then === 'keep'
      ? decideKeep(standing, actor, policy)
      : decide(standing, wishOf(line), actor, policy, now)
  if (decided.kind === 'refusal') return decided
  const { content = standing.content, desk = standing.desk } = decided
  return { ...decided, content, desk, words: indexTerms(standing.content.text), allowed: [] }
}

function decideKeep(standing: Standing, actor: Actor, policy: Policy): Decision | Refusal {
  const outcome = permissionFault('save', standing, actor, policy) ?? keep(standing, policy)
  return 'code' in outcome ? refusal(outcome, standing, actor, policy) : decision('save', outcome, [])
}

function draftOf({ content, releaseAt }: NewLine, { person }: Actor): Standing {
  const desk: DeskState = {
    createdBy: person,
    authors: [person],
    ...(releaseAt !== undefined && { releaseAt }),
  }
  return { version: 0, status: 'draft', content, desk }
}

function wishOf({ then, releaseAt }: NewLine): Wish {
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
    ...(text !== undefined && goesOut && { comparable: comparableText(text) }),
    isNews: due.kind === 'add' && due.op === 'publish',
    isRelease: due.kind === 'add' && !isStop(action) && action !== 'expire',
  }
}

function refusal(fault: StepFault, standing: Standing, actor: Actor, policy: Policy): Refusal {
  return { kind: 'refusal', ...fault, allowed: allowedActions(standing, actor, policy) }
}
