import type { LogHead } from '../../eventlog/read-log.ts'
import type { FeedLog } from './feed-log.ts'
import { encode, type Wire } from '../bytes/frame-bytes.ts'

/**
 * Heads for all sessions of a feed. Each is made once for all who are told it; another one where the log has gone on, or
 * the feed stands differently.
 */
export class HeadBytes {
  readonly #say: () => string
  readonly #finish: (wire: Wire, head: Buffer) => Buffer
  readonly #made = new Map<Wire, Buffer>()
  #head: LogHead | undefined
  #stale = false
  #frozen = false

  /** `say`: the frame as JSON, as of now. */
  constructor(say: () => string, finish: (wire: Wire, head: Buffer) => Buffer) {
    this.#say = say
    this.#finish = finish
  }

  of(wire: Wire, log: FeedLog, stale: boolean, frozen: boolean): Buffer {
    const { head } = log
    if (this.#head !== head || this.#stale !== stale || this.#frozen !== frozen) this.#made.clear()
    this.#head = head
    this.#stale = stale
    this.#frozen = frozen
    const made = this.#made.get(wire) ?? this.#finish(wire, encode(wire, this.#say(), log.position))
    this.#made.set(wire, made)
    return made
  }
}
