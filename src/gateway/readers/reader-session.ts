import type { LogHead } from '../../eventlog/read-log.ts'
import type { ByeReason, ResetReason } from '../../protocol/frames.ts'
import type { Position } from '../../protocol/position.ts'
import type { SocketWriter, WriteHandle } from '../bytes/socket-writer.ts'
import type { FeedLog } from '../memory/feed-log.ts'
import type { FilteredView } from '../memory/filtered-view.ts'
import type { Wire } from '../bytes/frame-bytes.ts'
import type { DeliveryCounts } from './delivery-counts.ts'

/** `acked` of a session that does not acknowledge: nothing is ever asked of it. */
export const SILENT = Infinity

/** One reader's connection: what the engine needs of it. */
export interface ReaderConnection {
  readonly wire: Wire
  /** Hands bytes to the kernel or the socket's buffer; false: takes no more until it has drained. */
  write(bytes: Buffer): boolean
  /** False once it is closing: what is written then reaches nobody. */
  isOpen(): boolean
  /** False once a ping has stayed without a pong for a whole heartbeat; asked just before the next ping. */
  answersPings(): boolean
  /**
   * The way below its stream, if nothing is under way there. It holds as long as the session alone writes, and the
   * connection is open: whoever changes that calls the session's `leaveLane`.
   */
  lane?(): WriteHandle | undefined
  /** What became of bytes that the lane has not taken at once. As `write`. */
  settle?(bytes: Buffer): boolean
  /** Says why, as far as the connection can still be told, and ends it. */
  end(reason: ByeReason, retryAfterMs: number): void
}

/** What the sessions of a feed share. */
export interface Round {
  readonly log: FeedLog
  readonly deliveries: DeliveryCounts
  readonly writer: SocketWriter
  readonly onReset: (reason: ResetReason) => void
}

/** A reader's place in a feed. It has no queue: a cursor into the shared log is all it owns. */
export class ReaderSession {
  // What each delivery looks at comes first and lies together: most of its time is waiting for memory.
  readonly view: FilteredView
  #lane: WriteHandle | undefined
  #cursor: number
  #epoch: string
  readonly #wire: Wire
  /** Since when the connection takes nothing (performance.now(), whole); 0 while it does. */
  blockedSince = 0
  readonly connection: ReaderConnection
  /** Its place in the session set; -1 outside. */
  index = -1
  /** The seq up to which its reader's screen is known to be right. */
  acked = SILENT

  constructor(connection: ReaderConnection, view: FilteredView, start: Position) {
    this.view = view
    this.#lane = undefined
    this.#cursor = start.seq
    this.#epoch = start.epoch
    this.#wire = connection.wire
    this.connection = connection
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
    if (!this.connection.write(bytes)) this.#block()
  }

  /** Reads what the next delivery reads: it is in the processor's cache then. */
  load(): boolean {
    return this.#lane?.writeBuffer !== undefined
  }

  /** Somebody else writes to the connection, or it closes. */
  leaveLane(): void {
    this.#lane = undefined
  }

  /** Writes what is missing up to `through`, as far as the connection takes it. Returns the number of events. */
  advance(round: Round, through: number): number {
    return this.#shortcut(round, through) ?? this.#catchUp(round, through)
  }

  /** The usual case, which is nearly all of the gateway's work: one piece, down the lane, without a look at the connection. */
  #shortcut({ log, deliveries, writer }: Round, through: number): number | undefined {
    const lane = this.#lane
    if (lane === undefined || through > log.head.seq || this.#cursor >= through || this.#lost(log))
      return undefined
    const piece = this.view.piece(this.#wire, this.#cursor, through)
    if (piece.through !== through) return undefined
    this.#cursor = through
    if (piece.events === 0) return 0
    deliveries.gave(piece)
    if (!writer.takes(lane, piece.bytes) && this.connection.settle?.(piece.bytes) === false) this.#block()
    return piece.events
  }

  #catchUp({ log, deliveries, onReset }: Round, through: number): number {
    let events = 0
    while (!this.blocked() && this.connection.isOpen()) {
      const lost = this.#lost(log)
      if (lost) {
        onReset(lost)
        this.#epoch = log.head.epoch
        this.#cursor = log.head.seq
        this.write(this.view.reset(this.#wire, lost))
      }
      // After a reset the log may be shorter than it was when the round began.
      const upTo = Math.min(through, log.head.seq)
      if (this.#cursor >= upTo) break
      const piece = this.view.piece(this.#wire, this.#cursor, upTo)
      events += piece.events
      this.#cursor = piece.through
      if (piece.events > 0) {
        this.write(piece.bytes)
        deliveries.gave(piece)
      }
      if (piece.through === upTo) break
    }
    this.#lane = this.blocked() ? undefined : this.connection.lane?.()
    return events
  }

  #block(): void {
    this.#lane = undefined
    this.blockedSince = Math.ceil(performance.now())
  }

  #lost(log: FeedLog): ResetReason | undefined {
    if (this.#epoch !== log.head.epoch) return 'epoch'
    if (this.#cursor > log.head.seq) return 'range'
    return this.#cursor < log.earliest - 1 ? 'lagging' : undefined
  }
}
