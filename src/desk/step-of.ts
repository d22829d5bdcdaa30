import type { Step, StepFault, Wish } from './decision.ts'
import { discard, restoreDraft, saveDraft, sendBack, submit } from './drafting.ts'
import { approve, release, saveDue, schedule, undo } from './outgoing.ts'
import { approveProposal, correct, dropProposal, remove, restoreReleased } from './released.ts'
import type { Scene } from './desk-headline.ts'

/** What a wish changes, once this person may have it; or what is wrong with its text or times. */
export function stepOf(wish: Wish, scene: Scene): Step | StepFault {
  const { status } = scene.headline
  const isReleased = status === 'live' || status === 'held'
  switch (wish.action) {
    case 'save':
    case 'correct':
      if (isReleased) return correct(scene, wish.patch)
      return status === 'due' ? saveDue(scene, wish.patch) : saveDraft(scene, wish.patch)
    case 'restore':
      return isReleased ? restoreReleased(scene, wish) : restoreDraft(scene, wish)
    case 'submit':
      return submit(scene, wish.releaseAt)
    case 'approve':
      return isReleased ? approveProposal(scene) : approve(scene)
    case 'return':
    case 'reject':
      return isReleased ? dropProposal(scene, wish.reason) : sendBack(scene, wish)
    case 'release':
      return release(scene)
    case 'schedule':
      return schedule(scene, wish.releaseAt)
    case 'undo':
      return undo(scene)
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
