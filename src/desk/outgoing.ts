import type { Changes } from '../protocol/desk-requests.ts'
import { correctedContent } from './corrected-content.ts'
import type { Step, StepFault } from './decision.ts'
import { expiryFault, touchedExpiry, withExpiry } from './expiry.ts'
import { lacksSecondFactor } from './permission.ts'
import { endOfUndo, isOverBudget } from './policy.ts'
import type { Scene } from './desk-headline.ts'
import { mayRewriteAlone, passedOn, reopened, rewritten } from './two-person.ts'

/** The way from a draft into the due set, and back. */

export function approve(scene: Scene): Step | StepFault {
  const { releaseAt } = scene.headline.desk
  return releaseAt !== undefined && releaseAt > scene.now ? goOut(scene, releaseAt) : release(scene)
}

/** Within its undo window a second release means: now. */
export function release(scene: Scene): Step | StepFault {
  const { headline, policy, now } = scene
  const end = endOfUndo(policy, headline.content.urgency, now)
  const isInWindow =
    headline.status === 'due' && headline.dueAt !== undefined && headline.dueAt <= (end ?? now)
  return goOut(scene, isInWindow ? undefined : end)
}

export function schedule(scene: Scene, releaseAt: number): Step | StepFault {
  return goOut(scene, releaseAt)
}

/** Whoever may not publish the new words alone sends them back to be approved; the time is kept. */
export function saveDue({ headline, actor, policy, now }: Scene, patch: Changes): Step | StepFault {
  const { dueAt = now } = headline
  const written = correctedContent(headline.content, patch)
  const desk = rewritten(touchedExpiry(headline.desk, patch), actor.person)
  if (isOverBudget(policy, written.text)) return { code: 'text-too-long' }
  if (!mayRewriteAlone(policy, actor, headline.content, written)) {
    return {
      status: 'pending',
      due: { kind: 'cancel' },
      content: written,
      desk: { ...desk, releaseAt: dueAt },
    }
  }
  if (lacksSecondFactor(policy, written.urgency, actor)) return { code: 'second-factor-required' }
  const ended = withExpiry({ content: written, desk }, dueAt, policy)
  const fault = expiryFault(ended.content, { now: Math.min(now, dueAt), releaseAt: dueAt }, policy)
  if (fault) return { code: fault }
  return { due: { kind: 'edit' }, content: ended.content, desk: passedOn(ended.desk, actor.person) }
}

/** An approval that is taken back with it. */
export function undo({ headline }: Scene): Step {
  return { status: 'draft', due: { kind: 'cancel' }, desk: reopened(headline.desk) }
}

/** `dueAt` undefined: at once. */
function goOut({ headline, actor, policy, now }: Scene, dueAt: number | undefined): Step | StepFault {
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
