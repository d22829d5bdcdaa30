import type { Strip } from './strip.ts'
import type { FeedEvent, FeedTitle, Status, Transport } from './types.ts'

/** The state of a feed at one moment. It is immutable. */
export interface ShownFeed {
  readonly strip?: Strip | undefined
  readonly position?: string | undefined
  readonly feed?: FeedTitle | undefined
  readonly status: Status
}

/** Called after each frame and each change of the connection, even if the state is the same. */
export type Show = (view: ShownFeed, event?: FeedEvent) => void

/** Opens the network connection and keeps it until the signal. */
export type Lead = (show: Show, signal: AbortSignal) => void

/** The feed to read, and how. */
export interface FeedAddress {
  /** The feed's URL: `https://news.example/v1/feeds/en`. */
  readonly url: string
  /** The filters as a query. */
  readonly query: string
  /** The name of the feed in caches, locks and channels. */
  readonly key: string
  /** The transport that worked last, shared by all feeds. */
  readonly memory: { transport?: Transport | undefined }
}
