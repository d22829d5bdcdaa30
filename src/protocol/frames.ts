import type { FeedTitle } from './feed.ts'
import type { Headline, LiveHeadline } from './headline.ts'
import type { ByeReason } from './lists/bye-reasons.ts'
import type { Op } from './lists/ops.ts'
import type { ResetReason } from './lists/reset-reasons.ts'

/** The version of this protocol, told in `hello`. Additions keep it; a reader ignores what it does not know. */
export const PROTOCOL_VERSION = 1

/** What is told of a feed beside its lines. */
export interface FeedState {
  /** Present while the server cannot reach its log: what is shown may be behind. */
  readonly stale?: true
  /** Present while the newsroom has stopped the feed: nothing but holds and withdrawals will come. */
  readonly frozen?: true
}

/** First on every connection. */
export interface HelloFrame {
  readonly type: 'hello'
  readonly protocol: number
  readonly feed: FeedTitle
  /** The feed's newest position at this moment. */
  readonly position: string
  /** A reader that hears nothing for twice this long should reconnect. */
  readonly heartbeatMs: number
  /** RFC 3339, UTC. */
  readonly serverTime: string
  readonly stale?: true
  readonly frozen?: true
  /** Acknowledgements are taken: the reader has announced them in its address. */
  readonly acks?: true
}

/** Forget what you hold: this is the whole strip at `position`. */
export interface ResetFrame {
  readonly type: 'reset'
  readonly reason: ResetReason
  readonly position: string
  readonly strip: readonly LiveHeadline[]
}

/** One entry of the log, as the log keeps it. */
export interface EventFrame {
  readonly type: 'event'
  readonly position: string
  readonly op: Op
  readonly at: string
  readonly headline: Headline
}

/** Heartbeat: nothing up to `position` is missing. */
export interface HeadFrame {
  readonly type: 'head'
  readonly position: string
  readonly serverTime: string
  readonly stale?: true
  readonly frozen?: true
}

/** Last before the server closes: come back, no sooner than this. */
export interface ByeFrame {
  readonly type: 'bye'
  readonly reason: ByeReason
  readonly retryAfterMs: number
}

export type Frame = HelloFrame | ResetFrame | EventFrame | HeadFrame | ByeFrame

/** `GET /v1/feeds/{feed}`. */
export interface Snapshot extends FeedState {
  readonly feed: FeedTitle
  readonly position: string
  readonly strip: readonly LiveHeadline[]
}

/** `GET /v1/feeds/{feed}/events?after=`: what follows a position, or a reset where that cannot be said. */
export interface Page extends FeedState {
  /** Pass it as the next `after`. */
  readonly position: string
  readonly reset?: ResetFrame
  readonly events: readonly EventFrame[]
  /** More is there already. */
  readonly more: boolean
}
