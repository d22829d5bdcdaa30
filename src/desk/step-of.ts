import type { Step, StepFault, Wish } from './decision.ts'
import { discard, restoreDraft, saveDraft, sendBack, submit } from './drafting.ts'
import { approve, release, saveDue, schedule, undo } from './outgoing.ts'
import { approveProposal, correct, dropProposal, remove, restoreReleased } from './released.ts'
import type { ActContext } from './desk-headline.ts'

/** What a permitted act changes, or what is wrong with its text or times. */
export function stepOf(wish: Wish, context: ActContext): Step | StepFault {
  const { status } = context.headline
  const isReleased = status === 'live' || status === 'held'
  switch (wish.action) {
    case 'save':
    case 'correct':
      if (isReleased) return correct(context, wish.patch)
      return status === 'due' ? saveDue(context, wish.patch) : saveDraft(context, wish.patch)
    case 'restore':
      return isReleased ? restoreReleased(context, wish) : restoreDraft(context, wish)
    case 'submit':
      return submit(context, wish.releaseAt)
    case 'approve':
      return isReleased ? approveProposal(context) : approve(context)
    case 'return':
    case 'reject':
      return isReleased ? dropProposal(context, wish.reason) : sendBack(context, wish)
    case 'release':
      return release(context)
    case 'schedule':
      return schedule(context, wish.releaseAt)
    case 'undo':
      return undo(context)
    case 'hold':
      return remove('hold', 'held', wish.note)
    case 'withdraw':
      return remove('withdraw', 'withdrawn', wish.note)
    case 'expire':
      return remove('expire', 'expired', wish.note)
    case 'resume':
      return { status: 'live', due: { kind: 'add', op: 'resume' } }
    case 'pin':
    case 'unpin':
      return { due: { kind: 'add', op: wish.action }, pinned: wish.action === 'pin' }
    case 'discard':
      return discard()
    case 'attended':
      return { due: { kind: 'none' } }
    default:
      return wish satisfies never
  }
}
