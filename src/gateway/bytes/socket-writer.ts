import type { Duplex } from 'node:stream'

/**
 * Node's object for one write. If the write has to wait, libuv owns the object until `oncomplete`: it is not reused.
 */
export interface WriteRequest {
  /** IDLE while libuv does not use the request. */
  getAsyncId(): number
  /** Holds the bytes that libuv has yet to write, so that they are not garbage collected. */
  buffer?: Buffer
  oncomplete?: (status: number) => void
}

export const IDLE = -1

/** Node's handle of a socket, below its stream. */
export interface WriteHandle {
  /**
   * Returns a libuv status: less than zero is an error. Node 24.22 and newer accept no request as well; they make one
   * and return it if the write has to wait.
   */
  writeBuffer(request: WriteRequest | null, bytes: Buffer): number | WriteRequest
}

/** Node's internal write functions, as `tryDirectWrites` has tested them. */
export interface DirectWrites {
  isHandle(handle: unknown): handle is WriteHandle
  /** Null if Node makes the requests itself. */
  createRequest(): WriteRequest | null
}

/**
 * Writes to sockets below their streams: a stream's bookkeeping takes more time than the rest of a delivery outside the
 * kernel. Bytes go through the stream until `open` is called, and for sockets without a usable handle.
 */
export class SocketWriter {
  #direct: DirectWrites | undefined
  /** One request for all writes that the kernel takes whole and at once, which it does nearly always. */
  #request: WriteRequest | null | undefined
  /** Node's answer to the last write: a status of libuv, or the request that has to wait. */
  #answer: number | WriteRequest = 0

  open(direct: DirectWrites): void {
    this.#direct = direct
    this.#request = direct.createRequest()
  }

  /**
   * False: the socket accepts no more bytes before `drain`. An ended or lost socket drops the bytes and returns true.
   */
  write(socket: Duplex, bytes: Buffer): boolean {
    const handle = this.handleOf(socket)
    if (!handle) return !socket.writable || socket.write(bytes)
    return this.writeNow(handle, bytes) || this.finishWrite(socket, bytes)
  }

  /** Writes bytes if the kernel takes them whole and at once. If it returns false, `finishWrite` must follow. */
  writeNow(handle: WriteHandle, bytes: Buffer): boolean {
    const request = this.#request
    if (request === undefined) return false
    this.#answer = handle.writeBuffer(request, bytes)
    return this.#answer === 0 && (request === null || request.getAsyncId() === IDLE)
  }

  /** Completes a failed `writeNow`: libuv keeps the request, or the connection is lost. Returns as `write` does. */
  finishWrite(socket: Duplex, bytes: Buffer): boolean {
    const request = typeof this.#answer === 'object' ? this.#answer : this.#answer === 0 && this.#request
    this.#request = this.#direct?.createRequest()
    this.#answer = 0
    const waits = request && request.getAsyncId() !== IDLE
    if (waits) finishLater(socket, request, bytes)
    else socket.destroy()
    return !waits
  }

  /** Undefined if bytes wait in the stream, since later bytes must follow them, or if the socket is ended or lost. */
  handleOf(socket: Duplex): WriteHandle | undefined {
    if (socket.writableLength > 0 || socket.writableCorked > 0 || socket.writableEnded) return undefined
    const handle = '_handle' in socket ? socket._handle : undefined
    return this.#direct?.isHandle(handle) ? handle : undefined
  }
}

/** Lets libuv finish a write. Later writes, direct or through the stream, queue up behind it in libuv. */
function finishLater(socket: Duplex, request: WriteRequest, bytes: Buffer): void {
  request.buffer = bytes
  request.oncomplete = (status) => {
    if (status < 0) socket.destroy()
    else if (!socket.destroyed) socket.emit('drain')
  }
}
