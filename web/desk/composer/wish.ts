import type { Action } from '../../../src/protocol/lists/actions.ts'
import type { Status } from '../../../src/protocol/lists/statuses.ts'
import type { Content } from './words.ts'

/** A line that is open in the composer, as the API answers it. */
export interface ComposedLine {
  readonly id: string
  readonly version: number
  /** The version in which its words were saved. */
  readonly contentVersion?: number
  readonly status: Status
  readonly content?: Content
  readonly desk?: {
    readonly releaseAt?: number
    readonly embargoUntil?: number
    readonly proposal?: { readonly content: Content }
  }
  readonly releaseAt?: string
  /** The acts that the person may do now. */
  readonly allowed: readonly Action[]
}

/** `keep`: saved, and not sent further. */
export type Then = 'keep' | 'submit' | 'release' | 'correct'

/** One request of a wish. */
export interface Step {
  readonly act: 'post' | 'save' | 'submit' | 'release' | 'schedule' | 'correct'
  readonly body: Readonly<Record<string, unknown>>
  /** The version that its author has seen; unset: that which the step before has made. */
  readonly version?: number
}

/** The requests that were sent for a draft. A repetition sends the same ones, so that the API knows them again. */
export interface Wish {
  readonly then: Then
  readonly steps: readonly Step[]
}
