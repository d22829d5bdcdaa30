import type { FeedTitle } from '../../sdk/types.ts'

/** A feed in which the person has a role. */
export interface DeskFeed extends FeedTitle {
  /** Only partners get the feed. */
  readonly visibility?: 'partners'
}
