import type { Changes } from '../protocol/desk-requests.ts'
import { correctedContent } from './corrected-content.ts'
import type { Step, StepFault, Wish } from './decision.ts'
import { embargoEnd, underEmbargo, type WishedEmbargo } from './embargo.ts'
import { expiryFault, touchedExpiry, withExpiry } from './expiry.ts'
import { lacksSecondFactor } from './permission.ts'
import { isOverBudget } from './policy.ts'
import type { ActContext } from './desk-headline.ts'
import { accepted, askedFor, mayReleaseAlone, mayRewriteAlone, reopened, rewritten } from './two-person.ts'

/**
 * Acts that put a headline into the due set, change it there or take it out. Each change of its words, urgency or time
 * begins the undo window anew; only a second release ends the window.
 */

/** The time that the author wants is kept while it is ahead, and an embargo too. */
export function approve(context: ActContext): Step | StepFault {
  const { desk } = context.headline
  return goOut(context, Math.max(context.now, desk.releaseAt ?? 0, embargoEnd(desk)))
}

/** A second release within the undo window ends the window: the headline is released now. */
export function release(
  context: ActContext,
  { embargoUntil }: Extract<Wish, { action: 'release' }>,
): Step | StepFault {
  const lifted = withEmbargo(context, embargoUntil)
  if ('code' in lifted) return lifted
  const { headline, policy, now } = lifted
  const waitMs = policy.undoMs[headline.content.urgency]
  const isInWindow = headline.status === 'due' && (headline.dueAt ?? now) <= now + waitMs
  return isInWindow ? goOut(lifted, now, 0) : goOut(lifted, now)
}

export function schedule(
  context: ActContext,
  { releaseAt, embargoUntil }: Extract<Wish, { action: 'schedule' }>,
): Step | StepFault {
  if (releaseAt < context.now) return { code: 'embargo-in-past' }
  const timed = withEmbargo(context, embargoUntil)
  return 'code' in timed ? timed : goOut(timed, releaseAt)
}

/** A new text by a person who may not publish alone goes back to be approved; its release time is kept. */
export function saveDue({ headline, actor, policy, now }: ActContext, patch: Changes): Step | StepFault {
  const { dueAt: plannedAt = now } = headline
  const edited = correctedContent(headline.content, patch)
  const desk = rewritten(touchedExpiry(headline.desk, patch), actor.person)
  if (isOverBudget(policy, edited.text)) return { code: 'text-too-long' }
  if (!mayRewriteAlone(policy, actor, headline.content, edited)) {
    return {
      status: 'pending',
      due: { kind: 'cancel' },
      content: edited,
      desk: { ...askedFor(desk, [headline.content, edited], actor.person), releaseAt: plannedAt },
    }
  }
  if (lacksSecondFactor(policy, edited.urgency, actor)) return { code: 'second-factor-required' }
  const waitMs = policy.undoMs[edited.urgency]
  const dueAt = waitMs > 0 ? Math.max(plannedAt, now + waitMs) : plannedAt
  const ended = withExpiry({ content: edited, desk }, dueAt, policy)
  const fault = expiryFault(ended.content, { now: Math.min(now, dueAt), releaseAt: dueAt }, policy)
  if (fault) return { code: fault }
  return {
    due: { kind: 'edit', ...(dueAt > plannedAt && { dueAt }), ...waiting(waitMs) },
    content: ended.content,
    desk: { ...accepted(ended.desk, edited.urgency, actor.person), notBefore: dueAt },
  }
}

/** An undo also takes back the approval. */
export function undo({ headline }: ActContext): Step {
  return { status: 'draft', due: { kind: 'cancel' }, desk: reopened(headline.desk) }
}

/** Puts the headline into the due set for `wantedAt`, or for the end of the undo window where that is later. */
function goOut(
  { headline, actor, policy, now }: ActContext,
  wantedAt: number,
  waitMs = policy.undoMs[headline.content.urgency],
): Step | StepFault {
  if (wantedAt < embargoEnd(headline.desk)) return { code: 'embargoed' }
  const dueAt = Math.max(wantedAt, now + waitMs)
  const { content, desk } = withExpiry(headline, dueAt, policy)
  if (isOverBudget(policy, content.text)) return { code: 'text-too-long' }
  const fault = expiryFault(content, { now, releaseAt: dueAt }, policy)
  if (fault) return { code: fault }
  const isAlone = mayReleaseAlone(headline, actor, policy)
  const notBefore = isAlone ? dueAt : (headline.desk.notBefore ?? headline.dueAt ?? dueAt)
  if (dueAt < notBefore) return { code: 'two-person-required' }
  const step = { content, desk: { ...accepted(desk, content.urgency, actor.person), notBefore } }
  if (headline.status === 'due') return { ...step, due: { kind: 'edit', dueAt, ...waiting(waitMs) } }
  return {
    ...step,
    status: 'due',
    due: { kind: 'add', op: 'publish', ...(dueAt > now && { dueAt }), ...waiting(waitMs) },
  }
}

function withEmbargo(context: ActContext, wished: WishedEmbargo): ActContext | StepFault {
  const desk = underEmbargo(context, wished)
  return 'code' in desk ? desk : { ...context, headline: { ...context.headline, desk } }
}

function waiting(waitMs: number): { readonly waitMs?: number } {
  return waitMs > 0 ? { waitMs } : {}
}
