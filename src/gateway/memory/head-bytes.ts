import type { LogHead } from '../../eventlog/read-log.ts'
import type { FeedLog } from './feed-log.ts'
import { encode, type Wire } from '../bytes/frame-bytes.ts'

/**
 * Encoded heads for all sessions of a feed. They share one head until the log or the feed state changes.
 */
export class HeadBytes {
  readonly #toJson: () => string
  readonly #finish: (wire: Wire, head: Buffer) => Buffer
  readonly #cached = new Map<Wire, Buffer>()
  #head: LogHead | undefined
  #stale = false
  #frozen = false

  /** `toJson`: the head of the present moment as JSON. `finish` adds bytes, such as a ping. */
  constructor(toJson: () => string, finish: (wire: Wire, head: Buffer) => Buffer) {
    this.#toJson = toJson
    this.#finish = finish
  }

  of(wire: Wire, log: FeedLog, stale: boolean, frozen: boolean): Buffer {
    const { head } = log
    if (this.#head !== head || this.#stale !== stale || this.#frozen !== frozen) this.#cached.clear()
    this.#head = head
    this.#stale = stale
    this.#frozen = frozen
    const cached =
      this.#cached.get(wire) ?? this.#finish(wire, encode(wire, this.#toJson(), log.markedPosition))
    this.#cached.set(wire, cached)
    return cached
  }
}
