import type { Content } from './headline.ts'

/** What the newsroom keeps of a headline beside its status, version and content; opaque to the log. */
export interface DeskState {
  /** The person who wrote it first. */
  readonly createdBy: string
  /** Who wrote what `approvedBy` has passed on, or else what nobody has: then none of them may approve it. */
  readonly authors: readonly string[]
  readonly submittedBy?: string
  readonly approvedBy?: string
  /** Why it was returned or rejected. */
  readonly reason?: string
  /** When its author wants it out, in ms, while it waits for approval. */
  readonly releaseAt?: number
  /** Nobody has set its `expiresAt`: it moves with the release. */
  readonly expiresByDefault?: true
  /** A correction of a released line that waits for a second person. */
  readonly proposal?: Proposal
}

export interface Proposal {
  readonly content: Content
  readonly authors: readonly string[]
  readonly submittedBy: string
}
