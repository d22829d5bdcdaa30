import type { DeskState } from '../protocol/desk-state.ts'
import type { Content } from '../protocol/headline.ts'
import type { Action } from '../protocol/lists/actions.ts'
import type { LossSource } from '../protocol/lists/loss-sources.ts'
import { opEffects, type LoggedOp, type RemovalOp } from '../protocol/lists/ops.ts'
import { statusesIn, type Status } from '../protocol/lists/statuses.ts'
import type { Step } from './decision.ts'
import { indexTerms } from './words.ts'

/** A headline after an act that the storage has lost, as the api that accepted the act remembers it. */
export interface RememberedHeadline {
  readonly version: number
  readonly status: Status
  readonly action: Action
  readonly content: Content
  readonly desk: DeskState
  /** The note for readers about a removal. */
  readonly note?: string
}

/** The last event of a headline that a gateway holds and the log lacks. */
export interface ReportedHeadline {
  readonly version: number
  readonly op: LoggedOp
  /** Present while the headline shows. */
  readonly content?: Content
}

/** The headline as the storage has it now. */
export interface PresentHeadline {
  readonly version: number
  readonly status: Status
  readonly content?: Content
  readonly desk?: DeskState
  /** The headline was flagged after the loss of this version. */
  readonly attention?: { readonly version: number; readonly lost?: LossSource }
}

/** The next step until the headline is safe and the desk knows of the loss. None of them shows words to readers. */
export type Recovery =
  | { readonly kind: 'settled' }
  /** The headline stays as it is, and a person has to look. `text`: lost words that it does not have. */
  | { readonly kind: 'flag'; readonly text?: string }
  | RecoveryAct

export interface RecoveryAct extends Step {
  readonly kind: 'act'
  readonly action: Action
  readonly flags: boolean
  readonly words?: readonly string[]
}

const settled: Recovery = { kind: 'settled' }
const drafting = statusesIn('drafting')
const ended = statusesIn('ended')
const atReaders = statusesIn('released')

/**
 * Recovers from the api's own memory: removals are repeated, because their actor had the right to them; lost words wait
 * for a decision.
 */
export function recoverRemembered(lost: RememberedHeadline, present: PresentHeadline | undefined): Recovery {
  if (!present) return madeAnew(lost)
  if (present.status === 'withdrawn' || isFlaggedFor(lost.version, 'api', present)) return settled
  if (lost.status === 'withdrawn') return removal('withdraw', lost.note)
  if (present.status === 'expired') return settled
  if (lost.status === 'expired') return recoverExpired(lost, present)
  if (present.status === 'due') return recoverWaiting(lost, present)
  if (drafting.includes(lost.status)) return recoverDraft(lost, present)
  if (present.status === 'live' && lost.status === 'held') return removal('hold', lost.note)
  if (atReaders.includes(present.status)) return recoverShown(lost, present)
  return present.status === 'needs-decision' && hasWords(present, lost.content)
    ? settled
    : rewritten(lost, 'needs-decision')
}

/**
 * Recovers from the word of a gateway, which is no proof, or from the archive, which has events and no acts: a removal becomes a hold, which a person may resume, and lost
 * words become a draft without an author.
 */
export function recoverReported(reported: ReportedHeadline, present: PresentHeadline | undefined): Recovery {
  const { content, version } = reported
  if (!present) return content ? draftOf(content) : settled
  if (ended.includes(present.status) || isFlaggedFor(version, 'gateway', present)) return settled
  if (opEffects[reported.op].goesFirst) return heldOnReport(reported.op, present)
  if (content !== undefined && !hasWords(present, content)) return { kind: 'flag', text: content.text }
  const isAsReported = present.status === opEffects[reported.op].status || present.status === 'due'
  return isAsReported ? settled : { kind: 'flag' }
}

/** Whether a process that knew as much has flagged the headline for this version or a later one. */
function isFlaggedFor(version: number, source: LossSource, { attention }: PresentHeadline): boolean {
  if (attention?.lost === undefined || attention.version < version) return false
  return attention.lost === 'api' || source !== 'api'
}

/** A rejected, discarded or expired headline needs no decision. A withdrawn one stays withdrawn when others remember it. */
function madeAnew(lost: RememberedHeadline): Recovery {
  switch (lost.status) {
    case 'rejected':
    case 'discarded':
    case 'expired':
      return settled
    case 'withdrawn':
      return { ...rewritten(lost, 'withdrawn'), action: 'withdraw', flags: false }
    case 'draft':
    case 'pending':
    case 'returned':
      return rewritten(lost, lost.status)
    case 'due':
    case 'needs-decision':
    case 'live':
    case 'held':
      return rewritten(lost, 'needs-decision')
    default:
      return lost.status satisfies never
  }
}

function recoverExpired(lost: RememberedHeadline, { status }: PresentHeadline): Recovery {
  if (atReaders.includes(status)) return removal('expire', lost.note)
  return status === 'due' ? takenOut(lost, 'needs-decision') : settled
}

/** The headline would be released by itself: it waits on only with the newest words, and not after an undo or a hold. */
function recoverWaiting(lost: RememberedHeadline, present: PresentHeadline): Recovery {
  if (drafting.includes(lost.status)) return takenOut(lost, lost.status)
  if (lost.status === 'held' || !hasWords(present, lost.content)) return takenOut(lost, 'needs-decision')
  return lost.status === 'due' && lost.action !== 'release' ? settled : { kind: 'flag' }
}

/** The headline was taken out of the due set, or was never in it, and is out by now. */
function recoverDraft(lost: RememberedHeadline, present: PresentHeadline): Recovery {
  if (present.status === 'held') return settled
  if (present.status === 'live') return { ...removal('hold'), flags: true }
  return hasWords(present, lost.content) ? settled : rewritten(lost, lost.status)
}

/** The headline shows older words, or was held and the hold has ended. */
function recoverShown(lost: RememberedHeadline, present: PresentHeadline): Recovery {
  const { desk, status } = present
  const words = hasWords(present, lost.content) ? lost.desk.proposal?.content : lost.content
  if (!words) return status === 'held' && lost.status !== 'held' ? { kind: 'flag' } : settled
  if (desk?.proposal)
    return sameWords(desk.proposal.content, words) ? settled : { kind: 'flag', text: words.text }
  const { authors, submittedBy } = lost.desk.proposal ?? {
    authors: lost.desk.authors,
    submittedBy: undefined,
  }
  const proposal = {
    content: words,
    authors,
    submittedBy: submittedBy ?? lost.desk.approvedBy ?? lost.desk.createdBy,
  }
  const kept = desk ?? lost.desk
  return { kind: 'act', action: 'save', due: { kind: 'none' }, desk: { ...kept, proposal }, flags: true }
}

function heldOnReport(op: LoggedOp, { status }: PresentHeadline): Recovery {
  if (status === 'live') return { ...removal('hold'), flags: true }
  if (status !== 'due') return status === opEffects[op].status ? settled : { kind: 'flag' }
  return { kind: 'act', action: 'undo', status: 'needs-decision', due: { kind: 'cancel' }, flags: true }
}

function draftOf(content: Content): Recovery {
  const desk: DeskState = { createdBy: 'flashline', authors: [], unproved: true }
  return { ...withWords(content), action: 'save', status: 'draft', due: { kind: 'none' }, desk, flags: true }
}

function removal(op: RemovalOp, note?: string): RecoveryAct {
  const { status } = opEffects[op]
  // Without content of its own, the event would carry the words of the headline.
  const content = note === undefined ? {} : { note }
  return { kind: 'act', action: op, status, due: { kind: 'add', op }, content, flags: false }
}

function takenOut({ content, desk }: RememberedHeadline, status: Status): RecoveryAct {
  return { ...withWords(content), action: 'undo', status, due: { kind: 'cancel' }, desk, flags: true }
}

function rewritten({ content, desk }: RememberedHeadline, status: Status): RecoveryAct {
  return { ...withWords(content), action: 'save', status, due: { kind: 'none' }, desk, flags: true }
}

function withWords(content: Content) {
  return { kind: 'act', content, words: indexTerms(content.text) } as const
}

function hasWords({ content }: PresentHeadline, lost: Content): boolean {
  return content !== undefined && sameWords(content, lost)
}

/** Notes belong to one version, and the end of a headline moves with its release. */
function sameWords(one: Content, other: Content): boolean {
  return membersOf(one) === membersOf(other)
}

function membersOf({ note: _, expiresAt: _end, ...words }: Content): string {
  return JSON.stringify(Object.entries(words).sort(([a], [b]) => (a < b ? -1 : 1)))
}
