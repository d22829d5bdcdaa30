import type { Changes } from '../protocol/desk-requests.ts'
import type { DeskState } from '../protocol/desk-state.ts'
import type { Content } from '../protocol/headline.ts'
import type { Policy } from '../protocol/policy.ts'
import { opEffects, type RemovalOp } from '../protocol/lists/ops.ts'
import { correctedContent } from './corrected-content.ts'
import type { Step, StepFault, Wish } from './decision.ts'
import { expiryFault, touchedExpiry, withExpiry } from './expiry.ts'
import { lacksSecondFactor } from './permission.ts'
import { breakingMsOf, isOverBudget, mayNoteAlone } from './policy.ts'
import type { ActContext, DeskHeadline } from './desk-headline.ts'
import { accepted, mayRewriteAlone, rewritten, withAuthors } from './two-person.ts'

/** Acts on headlines that have been released. */

export function correct(context: ActContext, patch: Changes): Step | StepFault {
  const { headline, policy, now } = context
  const content = correctedContent(headline.content, patch)
  const desk = touchedExpiry(headline.desk, patch)
  const { expiresAt } = content
  const ended = expiresAt === undefined ? withExpiry({ content, desk }, now, policy) : { content, desk }
  return rewrite(context, ended.content, ended.desk)
}

/** A correction with the content of an earlier version; the current expiry is kept. */
export function restoreReleased(
  context: ActContext,
  { content, writers, note }: Extract<Wish, { action: 'restore' }>,
): Step | StepFault {
  const { content: current, desk } = context.headline
  const { note: _, expiresAt: _past, ...words } = content
  const restored = {
    ...words,
    ...(current.expiresAt !== undefined && { expiresAt: current.expiresAt }),
    ...(note !== undefined && { note }),
  }
  return rewrite(context, restored, desk, writers)
}

export function approveProposal(context: ActContext): Step | StepFault {
  const { headline, actor, policy, now } = context
  const { proposal, ...rest } = headline.desk
  if (!proposal) return { code: 'illegal-action' }
  const { content, authors } = proposal
  const fault = contentFault(headline, content, now, policy)
  if (fault) return fault
  const { approvedBy: _, ...desk } = rest
  return {
    due: correction(headline),
    content,
    desk: accepted({ ...desk, authors }, content.urgency, actor.person),
  }
}

/** Drops the proposal and leaves the headline as it is; the desk state keeps the reason. */
export function dropProposal({ headline }: ActContext, reason: string): Step {
  const { proposal: _, ...desk } = headline.desk
  return { due: { kind: 'none' }, desk: { ...desk, reason } }
}

export function remove(
  { headline, actor, policy }: ActContext,
  op: RemovalOp,
  note: string | undefined,
): Step {
  const step = { status: opEffects[op].status, due: { kind: 'add', op } } as const
  if (note === undefined || mayNoteAlone(policy, headline.content.urgency, actor.role)) {
    return { ...step, content: noted(note) }
  }
  return { ...step, content: {}, keptNote: note }
}

/** The words stay as they are: only the end of the label is new, so readers get the same version of the text again. */
export function relabel(
  { headline, policy }: ActContext,
  forMs = breakingMsOf(policy, headline.content.urgency),
): Step {
  return { due: { kind: 'add', op: 'correct' }, breakingMs: forMs }
}

/** The new content is a proposal if the actor may not publish it alone. It replaces an earlier proposal. */
function rewrite(
  { headline, actor, policy, now }: ActContext,
  content: Content,
  desk: DeskState,
  writers: readonly string[] = [],
): Step | StepFault {
  const fault = contentFault(headline, content, now, policy)
  if (fault) return fault
  const { proposal: _, ...others } = desk
  if (!mayRewriteAlone(policy, actor, headline.content, content)) {
    const { authors } = withAuthors(rewritten(headline.desk, actor.person), writers)
    const proposal = { content, authors, submittedBy: actor.person }
    return { due: { kind: 'none' }, desk: { ...headline.desk, proposal }, proposal: true }
  }
  if (lacksSecondFactor(policy, content.urgency, actor)) return { code: 'second-factor-required' }
  return {
    due: correction(headline),
    content,
    desk: accepted(rewritten(others, actor.person), content.urgency, actor.person),
  }
}

/** A correction of a held headline is released with its `resume`, not before. */
function correction({ status }: DeskHeadline): Step['due'] {
  return status === 'live' ? { kind: 'add', op: 'correct' } : { kind: 'none' }
}

/** An unchanged expiry is not checked: it may have passed, and the release scripts handle that. */
function contentFault(
  { content: before }: DeskHeadline,
  after: Content,
  now: number,
  policy: Policy,
): StepFault | undefined {
  if (isOverBudget(policy, after.text)) return { code: 'text-too-long' }
  const fault = after.expiresAt === before.expiresAt ? undefined : expiryFault(after, { now }, policy)
  return fault && { code: fault }
}

function noted(note: string | undefined): { readonly note?: string } {
  return note === undefined ? {} : { note }
}
