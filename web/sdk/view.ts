import type { Strip } from './strip.ts'
import type { FeedEvent, FeedTitle, Status, Transport } from './types.ts'

/** What is known of a feed at one moment. Nothing in it is ever changed. */
export interface ShownFeed {
  readonly strip?: Strip | undefined
  readonly position?: string | undefined
  readonly feed?: FeedTitle | undefined
  readonly status: Status
}

/** Told whenever something was heard, also when it changed nothing. */
export type Show = (view: ShownFeed, event?: FeedEvent) => void

/** Opens the network connection, until the signal. */
export type Lead = (show: Show, signal: AbortSignal) => void

/** What to read. */
export interface FeedAddress {
  /** Of the feed: `https://news.example/v1/feeds/en`. */
  readonly url: string
  /** As a query. */
  readonly filters: string
  /** Its name in caches, locks and channels. */
  readonly key: string
  /** What worked last, for all feeds. */
  readonly memory: { transport?: Transport | undefined }
}
