import type { LogHead } from '../eventlog/read-log.ts'
import type { ByeReason, ResetReason } from '../protocol/frames.ts'
import type { Position } from '../protocol/position.ts'
import type { FeedLog } from './feed-log.ts'
import type { View } from './view.ts'
import type { Wire } from './wire.ts'
import type { Written } from './written.ts'

/** `acked` of a session that does not acknowledge: nothing is ever asked of it. */
export const SILENT = Infinity

/** One reader's connection: what the engine needs of it. */
export interface Connection {
  readonly wire: Wire
  /** Hands bytes to the kernel or the socket's buffer; false: takes no more until it has drained. */
  write(bytes: Buffer): boolean
  /** False once it is closing: what is written then reaches nobody. */
  isOpen(): boolean
  /** False once a ping has stayed without a pong for a whole heartbeat; asked just before the next ping. */
  answersPings(): boolean
  /** Says why, as far as the connection can still be told, and ends it. */
  end(reason: ByeReason, retryAfterMs: number): void
}

/** A reader's place in a feed. It has no queue: a cursor into the shared log is all it owns. */
export class Session {
  readonly connection: Connection
  readonly view: View
  /** Its place in the session set; -1 outside. */
  index = -1
  /** Since when the connection takes nothing (performance.now()); 0 while it does. */
  blockedSince = 0
  /** The seq up to which its reader's screen is known to be right. */
  acked = SILENT
  #epoch: string
  #cursor: number

  constructor(connection: Connection, view: View, start: Position) {
    this.connection = connection
    this.view = view
    this.#epoch = start.epoch
    this.#cursor = start.seq
  }

  blocked(): boolean {
    return this.blockedSince !== 0
  }

  /** Whether a place is not beyond what the reader has been given. */
  wasGiven({ epoch, seq }: Position): boolean {
    return epoch === this.#epoch && seq <= this.#cursor
  }

  /** Whether the reader has been given everything up to a head. */
  holds(head: LogHead): boolean {
    return this.#cursor === head.seq && this.#epoch === head.epoch
  }

  write(bytes: Buffer): void {
    if (!this.connection.write(bytes)) this.blockedSince = performance.now()
  }

  /** Writes what is missing up to `through`, as far as the connection takes it. Returns the number of events. */
  advance(log: FeedLog, through: number, written: Written, onReset: (reason: ResetReason) => void): number {
    let events = 0
    while (!this.blocked() && this.connection.isOpen()) {
      const lost = this.#lost(log)
      if (lost) {
        onReset(lost)
        this.#epoch = log.head.epoch
        this.#cursor = log.head.seq
        this.write(this.view.reset(this.connection.wire, lost))
      }
      // After a reset the log may be shorter than it was when the round began.
      const upTo = Math.min(through, log.head.seq)
      if (this.#cursor >= upTo) break
      const piece = this.view.piece(this.connection.wire, this.#cursor, upTo)
      events += piece.events
      this.#cursor = piece.through
      if (piece.events > 0) {
        this.write(piece.bytes)
        written.gave(piece)
      }
      if (piece.through === upTo) break
    }
    return events
  }

  #lost(log: FeedLog): ResetReason | undefined {
    if (this.#epoch !== log.head.epoch) return 'epoch'
    if (this.#cursor > log.head.seq) return 'range'
    return this.#cursor < log.earliest - 1 ? 'lagging' : undefined
  }
}
