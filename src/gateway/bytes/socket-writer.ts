import type { Duplex } from 'node:stream'

/** Node's request for one write. One that has to wait is libuv's until `oncomplete`, and must not be used again. */
export interface WriteRequest {
  /** IDLE while libuv has nothing to do with it. */
  getAsyncId(): number
  /** Keeps the bytes in memory that libuv has yet to write. */
  buffer?: Buffer
  oncomplete?: (status: number) => void
}

export const IDLE = -1

/** The system's side of a socket, below its stream. */
export interface WriteHandle {
  /** Less than zero: an error. */
  writeBuffer(request: WriteRequest, bytes: Buffer): number
}

/** Node's insides, as `tryDirectWrites` has found them to work. */
export interface DirectWrites {
  isHandle(handle: unknown): handle is WriteHandle
  createRequest(): WriteRequest
}

/**
 * Writes to sockets below their streams, whose bookkeeping costs more than all else that a delivery takes outside
 * the kernel. Until it is opened, and wherever a socket is not fit for it, bytes go through the stream.
 */
export class SocketWriter {
  #direct: DirectWrites | undefined
  /** Serves all the writes that the kernel takes whole and at once, as it does nearly always. */
  #request: WriteRequest | undefined
  /** Of the newest write. */
  #status = 0

  open(direct: DirectWrites): void {
    this.#direct = direct
    this.#request = direct.createRequest()
  }

  /** False: the socket takes no more before its `drain` event. One that is ended or lost takes bytes and drops them. */
  write(socket: Duplex, bytes: Buffer): boolean {
    const handle = this.handleOf(socket)
    if (!handle) return !socket.writable || socket.write(bytes)
    return this.takes(handle, bytes) || this.settle(socket, bytes)
  }

  /** Whether the kernel takes bytes whole and at once. Where it does not, `settle` must follow. */
  takes(handle: WriteHandle, bytes: Buffer): boolean {
    const request = this.#request
    if (!request) return false
    this.#status = handle.writeBuffer(request, bytes)
    return this.#status === 0 && request.getAsyncId() === IDLE
  }

  /** What `takes` has left: a request that libuv keeps, or a connection that is lost. As `write`. */
  settle(socket: Duplex, bytes: Buffer): boolean {
    const request = this.#request
    this.#request = this.#direct?.createRequest()
    if (this.#status === 0 && request) finishLater(socket, request, bytes)
    else socket.destroy()
    return this.#status !== 0
  }

  /** Undefined where bytes wait in the stream (what comes now belongs behind them), and where it is ended or lost. */
  handleOf(socket: Duplex): WriteHandle | undefined {
    if (socket.writableLength > 0 || socket.writableCorked > 0 || socket.writableEnded) return undefined
    const handle = '_handle' in socket ? socket._handle : undefined
    return this.#direct?.isHandle(handle) ? handle : undefined
  }
}

/** What is written meanwhile, here or through the stream, libuv puts behind. */
function finishLater(socket: Duplex, request: WriteRequest, bytes: Buffer): void {
  request.buffer = bytes
  request.oncomplete = (status) => {
    if (status < 0) socket.destroy()
    else if (!socket.destroyed) socket.emit('drain')
  }
}
