import type { Changes } from '../protocol/desk-requests.ts'
import type { Policy } from '../protocol/policy.ts'
import { correctedContent } from './corrected-content.ts'
import type { Step, StepFault, Wish } from './decision.ts'
import { embargoEnd, underEmbargo } from './embargo.ts'
import { expiryFault, touchedExpiry } from './expiry.ts'
import { isOverBudget } from './policy.ts'
import type { ActContext, DeskHeadline } from './desk-headline.ts'
import { askedFor, reopened, rewritten, takenOver, underUrgencies, withAuthors } from './two-person.ts'

/** Acts on headlines that are neither due nor released. */

/** Keeps a new headline as a draft. */
export function keep({ content, desk }: DeskHeadline, policy: Policy): Step | StepFault {
  if (isOverBudget(policy, content.text)) return { code: 'text-too-long' }
  return { status: 'draft', due: { kind: 'none' }, content, desk }
}

export function saveDraft({ headline, actor, policy }: ActContext, patch: Changes): Step | StepFault {
  const content = correctedContent(headline.content, patch)
  if (isOverBudget(policy, content.text)) return { code: 'text-too-long' }
  const desk = rewritten(touchedExpiry(headline.desk, patch), actor.person)
  return {
    ...(headline.status === 'returned' && { status: 'draft' }),
    due: { kind: 'none' },
    content,
    desk: headline.status === 'pending' ? underUrgencies(desk, [headline.content, content]) : desk,
  }
}

/** A person who restores a text becomes an author, beside the authors of the text and of the headline. */
export function restoreDraft(
  { headline, actor }: ActContext,
  { content: restored, writers }: Extract<Wish, { action: 'restore' }>,
): Step {
  const { proposal: _, ...desk } = reopened(headline.desk)
  const { expiresAt: _past, note: _note, ...content } = restored
  return {
    status: 'draft',
    due: { kind: 'none' },
    content,
    desk: withAuthors(desk, [...writers, actor.person]),
  }
}

export function submit(
  context: ActContext,
  { releaseAt: requestedAt, embargoUntil }: Extract<Wish, { action: 'submit' }>,
): Step | StepFault {
  const { headline, actor, policy, now } = context
  const { content } = headline
  const desk = underEmbargo(context, embargoUntil)
  if ('code' in desk) return desk
  const { reason: _, releaseAt: kept = 0, ...rest } = takenOver(desk, actor.person)
  const earliest = embargoEnd(desk)
  if (requestedAt !== undefined && requestedAt < earliest) return { code: 'embargoed' }
  const ahead = Math.max(kept, earliest)
  const releaseAt = requestedAt ?? (ahead > now ? ahead : undefined)
  const fault = expiryFault(content, { now, releaseAt }, policy)
  if (fault) return { code: fault }
  if (isOverBudget(policy, content.text)) return { code: 'text-too-long' }
  return {
    status: 'pending',
    due: { kind: 'none' },
    desk: {
      ...askedFor(rest, [content], actor.person),
      ...(releaseAt !== undefined && { releaseAt }),
    },
  }
}

export function sendBack(
  { headline }: ActContext,
  { action, reason }: Extract<Wish, { action: 'return' | 'reject' }>,
): Step {
  return {
    status: action === 'return' ? 'returned' : 'rejected',
    due: { kind: 'none' },
    desk: { ...headline.desk, reason },
  }
}

export function discard(): Step {
  return { status: 'discarded', due: { kind: 'none' } }
}
