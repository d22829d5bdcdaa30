import type { Action } from '../protocol/actions.ts'
import type { DeskState } from '../protocol/desk-state.ts'
import type { Changes } from '../protocol/desk-requests.ts'
import type { Op } from '../protocol/frames.ts'
import type { Content } from '../protocol/headline.ts'
import type { Status } from '../protocol/status.ts'
import type { Fault, PermissionCode } from './permission.ts'
import type { TimeFault } from './times.ts'

/** A line that does not exist yet. `releaseAt` is ms since 1970. */
export interface NewLine {
  readonly content: Content
  readonly then: 'keep' | 'submit' | 'release'
  readonly releaseAt?: number
}

/** What somebody wants to do to a headline that exists. */
export type Wish =
  | { readonly action: 'save' | 'correct'; readonly patch: Changes }
  /** `writers`: whose words these are, as far as nobody has passed them on. */
  | {
      readonly action: 'restore'
      readonly content: Content
      readonly writers: readonly string[]
      readonly note?: string
    }
  | { readonly action: 'submit'; readonly releaseAt?: number }
  | { readonly action: 'schedule'; readonly releaseAt: number }
  | { readonly action: 'return' | 'reject'; readonly reason: string }
  | { readonly action: 'hold' | 'withdraw' | 'expire'; readonly note?: string }
  | { readonly action: 'approve' | 'release' | 'undo' | 'resume' | 'pin' | 'unpin' }
  | { readonly action: 'discard' | 'attended' }

/** What becomes of the due set: a public event more, other words or another time for what waits, or it never comes. */
export type DueChange =
  | { readonly kind: 'add'; readonly op: Exclude<Op, 'leave'>; readonly dueAt?: number }
  | { readonly kind: 'edit'; readonly dueAt?: number }
  | { readonly kind: 'cancel' | 'none' }

/** What an action changes. */
export interface Step {
  /** Taken at once; undefined keeps it. */
  readonly status?: Status
  readonly due: DueChange
  readonly content?: Content | { readonly note?: string }
  /** undefined keeps it. */
  readonly desk?: DeskState
  readonly pinned?: boolean
  /** It waits for a second person; nothing changes for readers. */
  readonly proposal?: true
}

export interface Decision extends Step {
  readonly kind: 'decision'
  readonly action: Action
  /** Statuses in which it still holds: the log looks again. */
  readonly allowed: readonly Status[]
  /** Index terms of a new text. */
  readonly words?: readonly string[]
  /** The text of what goes out, as it is compared with that of other lines. */
  readonly comparable?: string
  /** The line goes out for the first time. */
  readonly isNews: boolean
  /** Something goes out: a key that does it too often is stopped. */
  readonly isRelease: boolean
}

export type FaultCode = PermissionCode | TimeFault | 'text-too-long'

/** Why a wish is not carried out. */
export type StepFault = Fault<FaultCode>

export interface Refusal extends StepFault {
  readonly kind: 'refusal'
  /** What this person may do instead. */
  readonly allowed: readonly Action[]
}
