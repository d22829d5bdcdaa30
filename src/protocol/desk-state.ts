import type { Content } from './headline.ts'
import type { Urgency } from './lists/urgencies.ts'

/** The data that the newsroom's rules keep beside status, version and content; the event log does not interpret it. */
export interface DeskState {
  /** The person who created the headline. */
  readonly createdBy: string
  /**
   * The authors of the words that `approvedBy` has approved; without an approval, the authors who may not approve them.
   */
  readonly authors: readonly string[]
  readonly submittedBy?: string
  readonly approvedBy?: string
  /** The reason of a return or rejection. */
  readonly reason?: string
  /** The release time in ms that the author wants, while the headline waits for approval. */
  readonly releaseAt?: number
  /** The end of the source's embargo in ms: nothing releases the headline earlier, until a chief lifts the embargo. */
  readonly embargoUntil?: number
  /** The urgencies under which it was submitted or accepted, up to and with its last acceptance. */
  readonly urgencies?: readonly Urgency[]
  /** The release time in ms that was accepted with the words: an earlier one takes a second person again. */
  readonly notBefore?: number
  /** No person has set `expiresAt`, so it moves with the release. */
  readonly expiresByDefault?: true
  /** Only a gateway has reported these words, and no person has taken them over yet. */
  readonly unproved?: true
  /** A correction of a released headline that waits for a second person. */
  readonly proposal?: Proposal
}

export interface Proposal {
  readonly content: Content
  readonly authors: readonly string[]
  readonly submittedBy: string
}
