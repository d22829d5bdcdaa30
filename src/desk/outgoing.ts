import type { Changes } from '../protocol/desk-requests.ts'
import { correctedContent } from './corrected-content.ts'
import type { Step, StepFault } from './decision.ts'
import { expiryFault, touchedExpiry, withExpiry } from './expiry.ts'
import { lacksSecondFactor } from './permission.ts'
import { endOfUndo, isOverBudget } from './policy.ts'
import type { ActContext } from './desk-headline.ts'
import { mayRewriteAlone, passedOn, reopened, rewritten } from './two-person.ts'

/** Acts that put a headline into the due set, change it there or take it out. */

export function approve(context: ActContext): Step | StepFault {
  const { releaseAt } = context.headline.desk
  return releaseAt !== undefined && releaseAt > context.now ? goOut(context, releaseAt) : release(context)
}

/** A second release within the undo window ends the window: the headline is released now. */
export function release(context: ActContext): Step | StepFault {
  const { headline, policy, now } = context
  const end = endOfUndo(policy, headline.content.urgency, now)
  const isInWindow =
    headline.status === 'due' && headline.dueAt !== undefined && headline.dueAt <= (end ?? now)
  return goOut(context, isInWindow ? undefined : end)
}

export function schedule(context: ActContext, releaseAt: number): Step | StepFault {
  return goOut(context, releaseAt)
}

/** A new text by a person who may not publish alone goes back to be approved; its release time is kept. */
export function saveDue({ headline, actor, policy, now }: ActContext, patch: Changes): Step | StepFault {
  const { dueAt = now } = headline
  const edited = correctedContent(headline.content, patch)
  const desk = rewritten(touchedExpiry(headline.desk, patch), actor.person)
  if (isOverBudget(policy, edited.text)) return { code: 'text-too-long' }
  if (!mayRewriteAlone(policy, actor, headline.content, edited)) {
    return {
      status: 'pending',
      due: { kind: 'cancel' },
      content: edited,
      desk: { ...desk, releaseAt: dueAt },
    }
  }
  if (lacksSecondFactor(policy, edited.urgency, actor)) return { code: 'second-factor-required' }
  const ended = withExpiry({ content: edited, desk }, dueAt, policy)
  const fault = expiryFault(ended.content, { now: Math.min(now, dueAt), releaseAt: dueAt }, policy)
  if (fault) return { code: fault }
  return { due: { kind: 'edit' }, content: ended.content, desk: passedOn(ended.desk, actor.person) }
}

/** An undo also takes back the approval. */
export function undo({ headline }: ActContext): Step {
  return { status: 'draft', due: { kind: 'cancel' }, desk: reopened(headline.desk) }
}

/** Puts the headline into the due set. `dueAt` undefined: due at once. */
function goOut({ headline, actor, policy, now }: ActContext, dueAt: number | undefined): Step | StepFault {
  const { content, desk } = withExpiry(headline, dueAt ?? now, policy)
  if (isOverBudget(policy, content.text)) return { code: 'text-too-long' }
  const fault = expiryFault(content, { now, releaseAt: dueAt }, policy)
  if (fault) return { code: fault }
  const step = { content, desk: passedOn(desk, actor.person) }
  if (headline.status === 'due') return { ...step, due: { kind: 'edit', dueAt: dueAt ?? now } }
  return {
    ...step,
    status: 'due',
    due: { kind: 'add', op: 'publish', ...(dueAt !== undefined && { dueAt }) },
  }
}
