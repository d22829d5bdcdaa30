import type { FeedTitle } from './feed.ts'
import type { Headline, LiveHeadline } from './headline.ts'
import type { ByeReason } from './lists/bye-reasons.ts'
import type { Op } from './lists/ops.ts'
import type { ResetReason } from './lists/reset-reasons.ts'

/** The state of a feed beside its headlines. */
export interface FeedState {
  /** Present while the server cannot reach its log: the strip may be out of date. */
  readonly stale?: true
  /** Present while the newsroom has frozen the feed: only holds and withdrawals come. */
  readonly frozen?: true
}

/** First on every connection. */
export interface HelloFrame {
  readonly type: 'hello'
  readonly protocol: number
  readonly feed: FeedTitle
  /** The feed's newest position at this moment. */
  readonly position: string
  /** A reader that receives nothing for twice this time should reconnect. */
  readonly heartbeatMs: number
  /** RFC 3339, UTC. */
  readonly serverTime: string
  readonly stale?: true
  readonly frozen?: true
  /** The server accepts acknowledgements, which the reader has announced with `acks=1`. */
  readonly acks?: true
}

/** Replaces the reader's strip by the whole strip at `position`, or by a part of it and the parts that follow. */
export interface ResetFrame {
  readonly type: 'reset'
  readonly reason: ResetReason
  readonly position: string
  readonly mark?: string
  readonly strip: readonly LiveHeadline[]
  /** The next `reset` has the headlines that follow; only for readers that have announced `parts=1`. */
  readonly more?: true
}

/** One entry of the log. The log keeps it without `mark`, which the gateway adds. */
export interface EventFrame {
  readonly type: 'event'
  readonly position: string
  readonly mark?: string
  readonly op: Op
  readonly at: string
  readonly headline: Headline
}

/** Heartbeat: nothing up to `position` is missing. */
export interface HeadFrame {
  readonly type: 'head'
  readonly position: string
  readonly mark?: string
  readonly serverTime: string
  /** For some time after the feed's presentation has changed. */
  readonly feed?: FeedTitle
  readonly stale?: true
  readonly frozen?: true
}

/** The last frame before the server closes; the reader may reconnect after `retryAfterMs`. */
export interface ByeFrame {
  readonly type: 'bye'
  readonly reason: ByeReason
  readonly retryAfterMs: number
  /** With `unavailable`: the code of the problem. */
  readonly code?: string | undefined
}

export type Frame = HelloFrame | ResetFrame | EventFrame | HeadFrame | ByeFrame

/** `GET /v1/feeds/{feed}`. */
export interface Snapshot extends FeedState {
  readonly feed: FeedTitle
  readonly position: string
  readonly mark?: string
  readonly strip: readonly LiveHeadline[]
}

/** `GET /v1/feeds/{feed}/events?after=`: the events after a position, or a reset where the server cannot give them. */
export interface Page extends FeedState {
  /** The next request passes it as `after`, with the mark if there is one. */
  readonly position: string
  readonly mark?: string
  readonly reset?: ResetFrame
  readonly events: readonly EventFrame[]
  /** The log has more events already. */
  readonly more: boolean
  /** The time of the answer (RFC 3339, UTC). */
  readonly serverTime?: string
  readonly feed?: FeedTitle
}
