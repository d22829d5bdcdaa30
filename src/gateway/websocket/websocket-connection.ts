import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import type { Metrics } from '../../platform/metrics.ts'
import { closeCodes, type CloseCode } from '../../protocol/close-codes.ts'
import type { ByeFrame, ByeReason } from '../../protocol/frames.ts'
import { sendThroughWs } from '../bytes/frames-pass-through.ts'
import type { SocketWriter, WriteHandle } from '../bytes/socket-writer.ts'
import type { ReaderConnection, ReaderSession } from '../readers/reader-session.ts'
import { encode, type Wire } from '../bytes/frame-bytes.ts'

/** Pings, and pongs that answer nothing, that a reader may send between two heartbeats. */
const MAX_PINGS = 20
/** Acknowledgements between two heartbeats: two a second at the longest heartbeat, and some that were held up. */
const MAX_ACKS = 60
/** A reader that is blocked gets no heartbeats: after so long the counts begin anew without one. */
const COUNTED_MS = 15_000

const byeCodes: Record<ByeReason, CloseCode> = { draining: 1001, slow: 4408, idle: 4410 }

export class WebSocketConnection implements ReaderConnection {
  readonly wire: Wire
  readonly client: ReaderSocket
  readonly socket: Duplex
  /** Without one, ws sends the frames. */
  readonly #writer: SocketWriter | undefined
  readonly #metrics: Metrics
  session: ReaderSession | undefined
  /** Sent away by us: ws gives it a moment to go. */
  #closing = false
  /** Heartbeats since the last pong. */
  #unanswered = 0
  /** Pings, and pongs that answered nothing, since the last heartbeat. */
  #pings = 0
  /** Acknowledgements since the last heartbeat. */
  #acks = 0
  /** performance.now(), whole. */
  #countedSince = 0

  constructor(client: ReaderSocket, socket: Duplex, writer: SocketWriter | undefined, metrics: Metrics) {
    client.connection = this
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
    // Less may wait in a stream that is not full: it would never tell of its drain.
    return !this.socket.writableNeedDrain
  }

  isOpen(): boolean {
    return this.client.readyState === WebSocket.OPEN
  }

  lane(): WriteHandle | undefined {
    return this.isOpen() ? this.#writer?.handleOf(this.socket) : undefined
  }

  settle(bytes: Buffer): boolean {
    return this.#writer?.settle(this.socket, bytes) ?? true
  }

  answersPings(): boolean {
    this.#pings = this.#acks = 0
    return ++this.#unanswered <= 2
  }

  end(reason: ByeReason, retryAfterMs: number): void {
    if (this.client.readyState !== WebSocket.OPEN) {
      // Half closed by a reader that takes nothing: the closing handshake would never come to its end.
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

  /** Closes for what the reader says. Nothing more of it is read, its close frame neither: the limit ends it. */
  refuse(code: 4400 | 4429): void {
    this.close(code)
    this.client.pause()
  }

  pinged(): void {
    this.#countAnew()
    if (++this.#pings > MAX_PINGS) this.refuse(4429)
  }

  ponged(): void {
    if (this.#unanswered === 0) this.pinged()
    this.#unanswered = 0
  }

  /** False, and closed, where it says too much. */
  mayAck(): boolean {
    this.#countAnew()
    if (++this.#acks <= MAX_ACKS) return true
    this.refuse(4429)
    return false
  }

  #countAnew(): void {
    const now = Math.ceil(performance.now())
    if (now - this.#countedSince < COUNTED_MS) return
    this.#countedSince = now
    this.#pings = this.#acks = 0
  }
}

export class ReaderSocket extends WebSocket {
  connection: WebSocketConnection | undefined

  override close(code?: number, data?: string | Buffer): void {
    // The closing begins, by whichever side: what a reader gets behind a close frame is too late.
    this.connection?.session?.leaveLane()
    // ws gives a code alone where a frame is broken; to a reader's own close frame it answers with its reason too.
    if (code !== undefined && data === undefined && this.connection?.isOpen())
      this.connection.close(code === 1002 || code === 1007 ? code : 1009)
    else super.close(code, data)
  }
}
