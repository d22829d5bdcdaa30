import { on, once } from 'node:events'
import { connect, createServer, Socket, type Server } from 'node:net'
import {
  IDLE,
  SocketWriter,
  type DirectWrites,
  type WriteHandle,
  type WriteRequest,
} from './socket-writer.ts'

const HOST = '127.0.0.1'
const LIMIT_MS = 1_000
/** More blocks than any kernel buffers for one connection. */
const MAX_BLOCKS = 1_024
const PERIOD = 251
const CAPTURE_BYTES = 1
const BLOCK_BYTES = 64 * 1024
/** Repeated bytes with a fixed period: a lost, repeated or reordered byte breaks the period. */
const pattern = Buffer.from(Array.from({ length: PERIOD + BLOCK_BYTES }, (_, at) => at % PERIOD))

/**
 * Tests writes below a stream on a connection to itself: one that the kernel takes at once, writes that wait because
 * the
 * peer does not read, and one through the stream behind them. Errors: any unexpected outcome.
 */
export async function tryDirectWrites(limitMs = LIMIT_MS): Promise<DirectWrites> {
  const signal = AbortSignal.timeout(limitMs)
  // Exclusive: in a gateway of several processes each gets a port of its own.
  const server = createServer({ pauseOnConnect: true }).listen({ port: 0, host: HOST, exclusive: true })
  const sockets: Socket[] = []
  try {
    await once(server, 'listening', { signal })
    const socket = connect(portOf(server), HOST)
    sockets.push(socket.on('error', ignoreError))
    const [accepted] = await Promise.all([
      once(server, 'connection', { signal }),
      once(socket, 'connect', { signal }),
    ])
    const peer: unknown = accepted[0]
    if (!(peer instanceof Socket)) throw new Error('a connection is no Socket')
    sockets.push(peer.on('error', ignoreError))
    const direct = capture(socket)
    await tryWith(direct, socket, peer, signal)
    return direct
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

/** Intercepts one write through the stream to find the classes of Node's handle and request. */
function capture(socket: Socket): DirectWrites {
  const handle = '_handle' in socket ? socket._handle : undefined
  if (!isWriteHandle(handle)) throw new Error('a socket has no handle with writeBuffer')
  const made: (WriteRequest | null)[] = []
  handle.writeBuffer = (request, bytes) => {
    Reflect.deleteProperty(handle, 'writeBuffer')
    made.push(request)
    return handle.writeBuffer(request, bytes)
  }
  socket.write(pattern.subarray(0, CAPTURE_BYTES))
  const [seen] = made
  if (seen === undefined) throw new Error('the stream does not write with writeBuffer')
  const [Handle, Request] = [handle.constructor, seen?.constructor]
  return {
    isHandle: (other): other is WriteHandle => other instanceof Handle,
    createRequest: () => (Request ? newRequest(Request) : null),
  }
}

async function tryWith(
  direct: DirectWrites,
  socket: Socket,
  peer: Socket,
  signal: AbortSignal,
): Promise<void> {
  const writer = new SocketWriter()
  writer.open(direct)
  const sent = new Sent()
  if (!writer.write(socket, sent.next(PERIOD))) throw new Error('a short write has to wait')
  const drained = once(socket, 'drain', { signal })
  for (let block = 1; writer.write(socket, sent.next(BLOCK_BYTES)); block++) {
    if (block === MAX_BLOCKS) throw new Error('no write has to wait')
  }
  if (socket.writableLength > 0) throw new Error('a write went through the stream')
  socket.write(sent.next(PERIOD))

  const received = receiveAll(peer, sent, signal)
  await Promise.all([drained, received])
  if (!writer.write(socket, pattern.subarray(0, 1))) throw new Error('a write after the wait has to wait')
}

/** Settles when all sent bytes have receiveAll in order. */
async function receiveAll(peer: Socket, sent: Sent, signal: AbortSignal): Promise<void> {
  let at = 0
  for await (const [chunk] of on(peer.resume(), 'data', { signal })) {
    const bytes: unknown = chunk
    if (!Buffer.isBuffer(bytes) || !bytes.equals(pattern.subarray(at % PERIOD, (at % PERIOD) + bytes.length)))
      throw new Error('bytes receiveAll in another order')
    at += bytes.length
    if (at >= sent.bytes) return
  }
}

function newRequest(Request: unknown): WriteRequest {
  const request: unknown = typeof Request === 'function' ? Reflect.construct(Request, []) : undefined
  if (!isWriteRequest(request)) throw new Error('a write request has no getAsyncId')
  return request
}

class Sent {
  bytes = CAPTURE_BYTES

  next(length: number): Buffer {
    const at = this.bytes % PERIOD
    this.bytes += length
    return pattern.subarray(at, at + length)
  }
}

function isWriteHandle(handle: unknown): handle is WriteHandle {
  return hasMethod(handle, 'writeBuffer')
}

function isWriteRequest(request: unknown): request is WriteRequest {
  return hasMethod(request, 'getAsyncId') && request.getAsyncId() === IDLE
}

function hasMethod<Name extends string>(value: unknown, name: Name): value is Record<Name, () => unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function'
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

function ignoreError(): void {
  // A lost connection fails the test by the missing bytes.
}
