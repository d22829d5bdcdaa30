import type { Action } from '../protocol/lists/actions.ts'
import type { DeskState } from '../protocol/desk-state.ts'
import type { Changes } from '../protocol/desk-requests.ts'
import type { LoggedOp, RemovalOp } from '../protocol/lists/ops.ts'
import type { Content } from '../protocol/headline.ts'
import type { Status } from '../protocol/lists/statuses.ts'
import type { Fault, PermissionCode } from './permission.ts'
import type { TimeFault } from './times.ts'

/** A headline that is about to be created. Times are ms since 1970. */
export interface NewHeadline {
  readonly content: Content
  readonly then: 'keep' | 'submit' | 'release'
  readonly releaseAt?: number
  readonly embargoUntil?: number
}

/** The act that a person or a key asks for on an existing headline. */
export type Wish =
  | { readonly action: 'save' | 'correct'; readonly patch: Changes }
  /** `writers`: the authors of the restored text whom no second person has approved yet. */
  | {
      readonly action: 'restore'
      readonly content: Content
      readonly writers: readonly string[]
      readonly note?: string
    }
  | { readonly action: 'submit'; readonly releaseAt?: number; readonly embargoUntil?: number | null }
  | { readonly action: 'schedule'; readonly releaseAt: number; readonly embargoUntil?: number | null }
  /** `null` lifts the embargo. */
  | { readonly action: 'release'; readonly embargoUntil?: null }
  | { readonly action: 'return' | 'reject'; readonly reason: string }
  | { readonly action: RemovalOp; readonly note?: string }
  /** `forMs`: how long it is called breaking from now on; undefined: as long as the policy says. */
  | { readonly action: 'label'; readonly forMs?: number }
  | { readonly action: 'approve' | 'undo' | 'resume' | 'pin' | 'unpin' | 'unlabel' }
  | { readonly action: 'discard' | 'attended' }

/** The change to the due set: add a public event, edit the content or the time of the waiting one, or cancel it. */
export type DueChange =
  | ({ readonly kind: 'add'; readonly op: LoggedOp } & DueTime)
  | ({ readonly kind: 'edit' } & DueTime)
  | { readonly kind: 'cancel' | 'none' }

/** Times in ms. */
export interface DueTime {
  readonly dueAt?: number
  /** The undo window: the event waits at least so long after the save. */
  readonly waitMs?: number
}

/** The changes that an act makes. */
export interface Step {
  /** The new status, set at once; undefined keeps the present one. */
  readonly status?: Status
  readonly due: DueChange
  readonly content?: Content | { readonly note?: string }
  /** The new desk state; undefined keeps the present one. */
  readonly desk?: DeskState
  readonly pinned?: boolean
  /** The headline is called breaking for so long after the release of this act; 0: no longer. */
  readonly breakingMs?: number
  /** The content is a proposal that waits for a second person; nothing changes for readers. */
  readonly proposal?: true
  /** A note that this person may not publish alone: readers do not get it, the audit keeps it. */
  readonly keptNote?: string
}

export interface Decision extends Step {
  readonly kind: 'decision'
  readonly action: Action
  /** Statuses in which the decision is still valid: `save-headline.lua` checks the status again when it writes. */
  readonly allowed: readonly Status[]
  /** Index terms of the text, where the text is new. */
  readonly words?: readonly string[]
  /** The text to be released. */
  readonly text?: string
  /** The same text in the form in which equal texts are equal. */
  readonly comparable?: string
  /** The headline is released for the first time. */
  readonly isNews: boolean
  /** The act releases an event and counts towards the key's limit of releases per minute. */
  readonly isRelease: boolean
}

export type FaultCode = PermissionCode | TimeFault | 'text-too-long' | 'embargoed'

/** Why an act is not carried out. */
export type StepFault = Fault<FaultCode>

export interface Refusal extends StepFault {
  readonly kind: 'refusal'
  /** The actions that this person may perform instead. */
  readonly allowed: readonly Action[]
}
