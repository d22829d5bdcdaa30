import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import type { Metrics } from '../../platform/metrics.ts'
import { closeCodes, type CloseCode } from '../../protocol/close-codes.ts'
import type { ByeFrame } from '../../protocol/frames.ts'
import type { EndReason } from '../../protocol/lists/bye-reasons.ts'
import { sendThroughWs } from '../bytes/frames-pass-through.ts'
import type { SocketWriter, WriteHandle } from '../bytes/socket-writer.ts'
import type { ReaderConnection, ReaderSession } from '../readers/reader-session.ts'
import { encode, type Wire } from '../bytes/frame-bytes.ts'

/** Pings and unasked pongs that a reader may send between two heartbeats. */
const MAX_PINGS = 20
/** Acknowledgements between two heartbeats: two a second at the longest heartbeat interval, and some delayed ones. */
const MAX_ACKS = 60
/** A blocked reader gets no heartbeats, which reset its counts: they are reset after so long without one. */
const COUNT_PERIOD_MS = 15_000

const byeCodes: Record<EndReason, CloseCode> = { draining: 1001, slow: 4408, idle: 4410, revoked: 4401 }

export class WebSocketConnection implements ReaderConnection {
  readonly wire: Wire
  readonly takesParts: boolean
  readonly client: ReaderSocket
  readonly socket: Duplex
  /** If undefined, ws sends the frames. */
  readonly #writer: SocketWriter | undefined
  readonly #metrics: Metrics
  session: ReaderSession | undefined
  /** Whether the gateway has sent the close frame; the reader then has CLOSE_LIMIT_MS to close. */
  #closing = false
  /** Heartbeats since the last pong. */
  #heartbeatsSincePong = 0
  /** Pings and unasked pongs since the last heartbeat. */
  #pings = 0
  /** Acknowledgements since the last heartbeat. */
  #acks = 0
  /** Start of the current count (performance.now(), rounded up). */
  #countedSince = 0

  constructor(
    client: ReaderSocket,
    socket: Duplex,
    writer: SocketWriter | undefined,
    metrics: Metrics,
    takesParts = false,
  ) {
    client.connection = this
    this.takesParts = takesParts
    this.wire = client.extensions.includes('permessage-deflate') ? 'ws-deflate' : 'ws'
    this.client = client
    this.socket = socket
    this.#writer = writer
    this.#metrics = metrics
  }

  write(bytes: Buffer): boolean {
    if (this.client.readyState !== WebSocket.OPEN) return true
    if (this.#writer) return this.#writer.write(this.socket, bytes)
    sendThroughWs(this.client, bytes)
    // A stream emits `drain` only if it was full, so bytes that wait in a stream that is not full do not count.
    return !this.socket.writableNeedDrain
  }

  isOpen(): boolean {
    return this.client.readyState === WebSocket.OPEN
  }

  writeHandle(): WriteHandle | undefined {
    return this.isOpen() ? this.#writer?.handleOf(this.socket) : undefined
  }

  finishWrite(bytes: Buffer): boolean {
    return this.#writer?.finishWrite(this.socket, bytes) ?? true
  }

  answersPings(): boolean {
    this.#pings = this.#acks = 0
    return ++this.#heartbeatsSincePong <= 2
  }

  end(reason: EndReason, retryAfterMs: number): void {
    if (this.client.readyState !== WebSocket.OPEN) {
      // The reader has half closed the connection and reads no more, so the closing handshake would not end.
      if (!this.#closing) this.client.terminate()
      return
    }
    const bye: ByeFrame = { type: 'bye', reason, retryAfterMs }
    this.write(encode(this.wire, JSON.stringify(bye)))
    this.close(byeCodes[reason])
  }

  close(code: CloseCode): void {
    if (this.client.readyState !== WebSocket.OPEN) return
    this.#closing = true
    const { name } = closeCodes[code]
    this.#metrics.sessionsClosed.inc({ reason: name })
    this.client.close(code, name)
  }

  /** Closes the connection of a reader that breaks a rule. It reads no more, so CLOSE_LIMIT_MS ends the connection. */
  refuse(code: 4400 | 4429): void {
    this.close(code)
    this.client.pause()
  }

  pinged(): void {
    this.#resetOldCounts()
    if (++this.#pings > MAX_PINGS) this.refuse(4429)
  }

  ponged(): void {
    if (this.#heartbeatsSincePong === 0) this.pinged()
    this.#heartbeatsSincePong = 0
  }

  /** False, and the connection is closed, if the reader sends too many acknowledgements. */
  mayAck(): boolean {
    this.#resetOldCounts()
    if (++this.#acks <= MAX_ACKS) return true
    this.refuse(4429)
    return false
  }

  #resetOldCounts(): void {
    const now = Math.ceil(performance.now())
    if (now - this.#countedSince < COUNT_PERIOD_MS) return
    this.#countedSince = now
    this.#pings = this.#acks = 0
  }
}

export class ReaderSocket extends WebSocket {
  connection: WebSocketConnection | undefined

  override close(code?: number, data?: string | Buffer): void {
    // Closing begins, by either side: no delivery may follow a close frame.
    this.connection?.session?.dropHandle()
    // ws passes a code without a reason for a broken frame; in reply to a reader's close frame it passes the reason
    // too.
    if (code !== undefined && data === undefined && this.connection?.isOpen())
      this.connection.close(code === 1002 || code === 1007 ? code : 1009)
    else super.close(code, data)
  }
}
