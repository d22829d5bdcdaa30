import type { LogHead } from '../../eventlog/read-log.ts'
import type { EndReason } from '../../protocol/lists/bye-reasons.ts'
import type { ResetReason } from '../../protocol/lists/reset-reasons.ts'
import type { Position } from '../../protocol/position.ts'
import type { SocketWriter, WriteHandle } from '../bytes/socket-writer.ts'
import type { FeedLog } from '../memory/feed-log.ts'
import type { FilteredView } from '../memory/filtered-view.ts'
import type { Wire } from '../bytes/frame-bytes.ts'
import type { DeliveryCounts } from './delivery-counts.ts'

/** `acked` of a session that does not acknowledge: no event counts it. */
export const SILENT = Infinity

/** One reader's connection, as the engine uses it. */
export interface ReaderConnection {
  readonly wire: Wire
  /** Whether the reader has announced that it takes a long `reset` in parts. */
  readonly takesParts?: boolean
  /** Hands bytes to the kernel or the socket's buffer. False: the connection accepts no more until it has drained. */
  write(bytes: Buffer): boolean
  /** False once the connection is closing: bytes written then do not reach the reader. */
  isOpen(): boolean
  /** False if a ping has had no pong for a whole heartbeat interval. Called just before each ping. */
  answersPings(): boolean
  /**
   * The socket's write handle below its stream, if no bytes wait in the stream. It may be used while only the session
   * writes to the connection, and the connection is open. Code that ends either calls the session's `dropHandle`.
   */
  writeHandle?(): WriteHandle | undefined
  /** Completes a write that the kernel did not take at once from the write handle. Returns as `write` does. */
  finishWrite?(bytes: Buffer): boolean
  /** Sends `bye` with the reason, if the connection still accepts bytes, and closes the connection. */
  end(reason: EndReason, retryAfterMs: number): void
}

/** The objects that all sessions of a feed share. */
export interface Round {
  readonly log: FeedLog
  readonly deliveries: DeliveryCounts
  readonly writer: SocketWriter
  readonly onReset: (reason: ResetReason) => void
}

/** One reader of a feed. It has no queue: its only state is a cursor into the shared log. */
export class ReaderSession {
  // The fields that each delivery reads come first, next to each other: a delivery mostly waits for memory.
  readonly view: FilteredView
  #handle: WriteHandle | undefined
  #cursor: number
  #epoch: string
  readonly #wire: Wire
  /** Counts the deliveries to a partner's reader. */
  readonly meter: { deliveries: number } | undefined
  /** Time since which the connection accepts no bytes (performance.now(), rounded up); 0 while it accepts them. */
  blockedSince = 0
  readonly connection: ReaderConnection
  /** The session's index in the session set; -1 outside the set. */
  index = -1
  /** The seq up to which the reader has acknowledged that its screen is right. */
  acked = SILENT

  constructor(
    connection: ReaderConnection,
    view: FilteredView,
    start: Position,
    meter?: { deliveries: number },
  ) {
    this.view = view
    this.#handle = undefined
    this.#cursor = start.seq
    this.#epoch = start.epoch
    this.#wire = connection.wire
    this.meter = meter
    this.connection = connection
  }

  blocked(): boolean {
    return this.blockedSince !== 0
  }

  /** Whether the reader has been sent all events up to a position. */
  hasReceived({ epoch, seq }: Position): boolean {
    return epoch === this.#epoch && seq <= this.#cursor
  }

  /** Whether the reader has been sent all events up to this head, and none after it. */
  isAt(head: LogHead): boolean {
    return this.#cursor === head.seq && this.#epoch === head.epoch
  }

  write(bytes: Buffer): void {
    if (!this.connection.write(bytes)) this.#block()
  }

  /** Reads the memory that the next delivery reads, so that it is in the processor's cache then. */
  prefetch(): boolean {
    return this.#handle?.writeBuffer !== undefined
  }

  /** Called when other code writes to the connection, or the connection closes. */
  dropHandle(): void {
    this.#handle = undefined
  }

  /** Writes the missing events up to `through`, while the connection accepts them. Returns the number of events. */
  advance(round: Round, through: number): number {
    return this.#writeDirectly(round, through) ?? this.#catchUp(round, through)
  }

  /** The usual case, nearly all of the gateway's work: one piece, written without a check of the connection. */
  #writeDirectly({ log, deliveries, writer }: Round, through: number): number | undefined {
    const handle = this.#handle
    if (handle === undefined || through > log.head.seq || this.#cursor >= through || this.#resetReason(log))
      return undefined
    const piece = this.view.piece(this.#wire, this.#cursor, through)
    if (piece.through !== through) return undefined
    this.#cursor = through
    if (piece.events === 0) return 0
    deliveries.addReader(piece)
    if (!writer.writeNow(handle, piece.bytes) && this.connection.finishWrite?.(piece.bytes) === false)
      this.#block()
    return piece.events
  }

  #catchUp({ log, deliveries, onReset }: Round, through: number): number {
    let events = 0
    while (!this.blocked() && this.connection.isOpen()) {
      const reason = this.#resetReason(log)
      if (reason) {
        onReset(reason)
        this.#epoch = log.head.epoch
        this.#cursor = log.head.seq
        this.write(this.view.reset(this.#wire, reason, this.connection.takesParts))
      }
      // After a reset, the new log may end before the seq at which the round was to end.
      const upTo = Math.min(through, log.head.seq)
      if (this.#cursor >= upTo) break
      const piece = this.view.piece(this.#wire, this.#cursor, upTo)
      events += piece.events
      this.#cursor = piece.through
      if (piece.events > 0) {
        this.write(piece.bytes)
        deliveries.addReader(piece)
      }
      if (piece.through === upTo) break
    }
    this.#handle = this.blocked() ? undefined : this.connection.writeHandle?.()
    return events
  }

  #block(): void {
    this.#handle = undefined
    this.blockedSince = Math.ceil(performance.now())
  }

  #resetReason(log: FeedLog): ResetReason | undefined {
    if (this.#epoch !== log.head.epoch) return 'epoch'
    if (this.#cursor > log.head.seq) return 'range'
    return this.#cursor < log.earliest - 1 ? 'lagging' : undefined
  }
}
