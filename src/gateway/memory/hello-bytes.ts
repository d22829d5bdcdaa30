import type { FeedTitle } from '../../protocol/feed.ts'
import type { FeedState } from '../../protocol/frames.ts'
import { helloFrame } from '../../protocol/reader-frames.ts'
import { encode, type Wire } from '../bytes/frame-bytes.ts'

interface CachedHello {
  readonly wire: Wire
  readonly position: string
  /** The names of its optional fields. */
  readonly flags: string
  readonly atMs: number
  readonly bytes: Buffer
}

/** Encoded `hello` frames of a feed. When many readers reconnect at once, those of one millisecond share the bytes. */
export class HelloBytes {
  #feed: FeedTitle
  readonly #heartbeatMs: number
  readonly #now: () => number
  #last: CachedHello | undefined

  /** `now`: Redis's clock. */
  constructor(feed: FeedTitle, heartbeatMs: number, now: () => number) {
    this.#now = now
    this.#feed = feed
    this.#heartbeatMs = heartbeatMs
  }

  rename(feed: FeedTitle): void {
    this.#feed = feed
    this.#last = undefined
  }

  bytes(wire: Wire, position: string, feedState: FeedState, acks: boolean): Buffer {
    const atMs = Math.floor(this.#now())
    const optional = { ...feedState, ...(acks && { acks }) }
    const flags = Object.keys(optional).join()
    const last = this.#last
    if (last?.atMs === atMs && last.wire === wire && last.position === position && last.flags === flags)
      return last.bytes
    const hello = helloFrame(this.#feed, position, this.#heartbeatMs, atMs, optional)
    const bytes = encode(wire, JSON.stringify(hello))
    this.#last = { wire, position, flags, atMs, bytes }
    return bytes
  }
}
