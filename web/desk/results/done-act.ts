import type { Status } from '../../../src/protocol/lists/statuses.ts'
import type { Urgency } from '../../../src/protocol/lists/urgencies.ts'

/** The outcome for another line of the story. */
export interface Sibling {
  readonly feed: string
  readonly id: string
  readonly outcome: string
}

/** An act that the API has accepted. */
export interface DoneAct {
  readonly id: string
  readonly version: number
  readonly text: string
  /** That of a line which the composer has sent. */
  readonly urgency?: Urgency
  readonly status: Status
  readonly position: string | null
  readonly releaseAt: string | undefined
  readonly at: string
  readonly siblings?: readonly Sibling[]
}
