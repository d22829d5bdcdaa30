import { isReleased } from '../protocol/lists/statuses.ts'
import type { Step, StepFault, Wish } from './decision.ts'
import { discard, restoreDraft, saveDraft, sendBack, submit } from './drafting.ts'
import { approve, release, saveDue, schedule, undo } from './outgoing.ts'
import { approveProposal, correct, dropProposal, relabel, remove, restoreReleased } from './released.ts'
import type { ActContext } from './desk-headline.ts'

/** The changes of a permitted act, or the fault of its text or times. */
export function stepOf(wish: Wish, context: ActContext): Step | StepFault {
  const { status } = context.headline
  const wasReleased = isReleased(status)
  switch (wish.action) {
    case 'save':
    case 'correct':
      if (wasReleased) return correct(context, wish.patch)
      return status === 'due' ? saveDue(context, wish.patch) : saveDraft(context, wish.patch)
    case 'restore':
      return wasReleased ? restoreReleased(context, wish) : restoreDraft(context, wish)
    case 'submit':
      return submit(context, wish)
    case 'approve':
      return wasReleased ? approveProposal(context) : approve(context)
    case 'return':
    case 'reject':
      return wasReleased ? dropProposal(context, wish.reason) : sendBack(context, wish)
    case 'release':
      return release(context, wish)
    case 'schedule':
      return schedule(context, wish)
    case 'undo':
      return undo(context)
    case 'hold':
    case 'withdraw':
    case 'expire':
      return remove(context, wish.action, wish.note)
    case 'resume':
      return { status: 'live', due: { kind: 'add', op: 'resume' } }
    case 'pin':
    case 'unpin':
      return { due: { kind: 'add', op: wish.action }, pinned: wish.action === 'pin' }
    case 'label':
      return relabel(context, wish.forMs)
    case 'unlabel':
      return relabel(context, 0)
    case 'discard':
      return discard()
    case 'attended':
      return { due: { kind: 'none' } }
    default:
      return wish satisfies never
  }
}
