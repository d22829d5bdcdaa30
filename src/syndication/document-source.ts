import type { FeedTitle } from '../protocol/feed.ts'
import type { LiveHeadline } from '../protocol/headline.ts'
import type { OwnTable } from '../protocol/own-table.ts'
import type { TakenBack } from '../protocol/taken-back.ts'

/** Everything that a document is made of: equal sources give equal bytes. */
export interface DocumentSource {
  readonly feed: FeedTitle
  /** The feed's own words and labels. */
  readonly own?: OwnTable | undefined
  /** The headlines that show, in the order of the strip. */
  readonly lines: readonly LiveHeadline[]
  /** Headlines that are held or withdrawn, or were held, in any order. */
  readonly takenBack: readonly TakenBack[]
  /** Origin of the server as the reader knows it, without a slash at the end. */
  readonly site: string
  /** Path of the document itself, with its query. */
  readonly self: string
  /** Release of the feed's newest event (RFC 3339, UTC). */
  readonly changedAt: string
  /** Address of the licence, in RSL. */
  readonly licence?: string | undefined
  /** Whether each correction is an item of its own, beside the corrected headline. */
  readonly correctionItems?: boolean
}
