import type { Action } from '../../../src/protocol/lists/actions.ts'
import type { Status } from '../../../src/protocol/lists/statuses.ts'
import type { Urgency } from '../../../src/protocol/lists/urgencies.ts'

/** The acts on a line, in the order of the buttons. A time for a release is given in the composer. */
export const lineActs = [
  'approve',
  'return',
  'reject',
  'submit',
  'release',
  'undo',
  'save',
  'correct',
  'attended',
  'hold',
  'resume',
  'withdraw',
  'pin',
  'unpin',
  'label',
  'unlabel',
  'expire',
  'discard',
] as const satisfies readonly Action[]
export type LineAct = (typeof lineActs)[number]

/** Acts that take words, or ask once more. */
const formActs: ReadonlySet<LineAct> = new Set<LineAct>(['return', 'reject', 'withdraw', 'expire', 'discard'])
/** Acts that write words: the composer opens for them. */
export const composerActs: ReadonlySet<LineAct> = new Set<LineAct>(['correct', 'save'])
/** Acts that ask once more when the line is a flash. */
const releasing: ReadonlySet<LineAct> = new Set<LineAct>(['approve', 'release'])

/** A line, as far as its acts depend on it. */
export interface ActedOn {
  readonly status: Status
  readonly allowed: readonly Action[]
  /** Urgency of the words that an approval or release lets out. */
  readonly urgency: Urgency | undefined
  /** The embargo of the line is ahead: `kept` by those who may not lift it. */
  readonly embargo?: 'kept' | 'liftable' | undefined
}

/** The acts that the person may do on the line now. */
export function actsOn({ status, allowed, embargo }: ActedOn): LineAct[] {
  return lineActs.filter((act) => {
    if (!allowed.includes(act)) return false
    if (act === 'release' && embargo === 'kept') return false
    // Words of a line that is not out yet are edited; the API takes a correction there for the same act.
    if (act === 'correct') return status !== 'due'
    // Drafts that nobody has seen are discarded. Their withdrawal is the same act for the service.
    if (act === 'withdraw') return !(allowed.includes('discard') || allowed.includes('undo'))
    return true
  })
}

export function opensForm(act: LineAct, { urgency, embargo }: Pick<ActedOn, 'urgency' | 'embargo'>): boolean {
  if (act === 'release' && embargo !== undefined) return true
  return formActs.has(act) || composerActs.has(act) || (urgency === 'flash' && releasing.has(act))
}

/** Acts that stop a line: neither another version nor an open question may delay them. */
export function needsNoVersion(act: Action): boolean {
  return act === 'hold' || act === 'withdraw'
}
