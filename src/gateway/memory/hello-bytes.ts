import type { FeedTitle } from '../../protocol/feed.ts'
import { PROTOCOL_VERSION, type HelloFrame, type FeedState } from '../../protocol/frames.ts'
import { encode, type Wire } from '../bytes/frame-bytes.ts'

interface Made {
  readonly wire: Wire
  readonly position: string
  /** Which optional fields it has. */
  readonly words: string
  readonly atMs: number
  readonly bytes: Buffer
}

/** A feed's `hello`. Where a crowd comes back at once, it is made once for all who join in one millisecond. */
export class HelloBytes {
  readonly #feed: FeedTitle
  readonly #heartbeatMs: number
  #last: Made | undefined

  constructor(feed: FeedTitle, heartbeatMs: number) {
    this.#feed = feed
    this.#heartbeatMs = heartbeatMs
  }

  bytes(wire: Wire, position: string, feedState: FeedState, acks: boolean): Buffer {
    const atMs = Date.now()
    const told = { ...feedState, ...(acks && { acks }) }
    const words = Object.keys(told).join()
    const last = this.#last
    if (last?.atMs === atMs && last.wire === wire && last.position === position && last.words === words)
      return last.bytes
    const hello: HelloFrame = {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      feed: this.#feed,
      position,
      heartbeatMs: this.#heartbeatMs,
      serverTime: new Date(atMs).toISOString(),
      ...told,
    }
    const bytes = encode(wire, JSON.stringify(hello))
    this.#last = { wire, position, words, atMs, bytes }
    return bytes
  }
}
