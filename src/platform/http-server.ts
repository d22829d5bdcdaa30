import {
  createServer,
  ServerResponse,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http'
import { Socket, type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { messageOf } from './errors.ts'
import { problemBytes, sendProblem } from './problem-answer.ts'
import { Problem } from './problem.ts'

const MAX_HEAD_BYTES = 16_384
/** A client that sends its head or body slower than this is cut off. */
const HEAD_LIMIT_MS = 10_000
const REQUEST_LIMIT_MS = 20_000
/** Longer than usual proxies keep an idle connection, so that the proxy closes first. */
const KEEP_ALIVE_MS = 75_000
/** For a client that does not take the last words. */
const END_LIMIT_MS = 2_000

/** Refused before any route sees the request; the connection ends with the answer. */
const refused = { headers: { Connection: 'close' } }
const malformed = new Problem('malformed-request', {
  ...refused,
  extra: { detail: 'What came is not an HTTP/1.1 request to one host.' },
})
const noTunnel = new Problem('method-not-allowed', {
  // RFC 9110, section 10.2.1: empty where the target takes no method at all.
  headers: { ...refused.headers, Allow: '' },
  extra: { detail: 'There are no tunnels.' },
})
const unmetExpectation = new Problem('expectation-failed', refused)
const tooLargeHead = new Problem('header-too-large', refused)

/** A client that takes nothing of its answer for `slowMs` is cut off. */
export function createHttpServer(
  listener: RequestListener,
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
  slowMs: number,
): Server {
  // The newest answer on a connection: they leave in order, so once it is out, all are.
  const answers = new WeakMap<Duplex, ServerResponse>()
  const isAnswering = (socket: Duplex) => answers.get(socket)?.writableFinished === false
  const beginAnswer = (socket: Socket, response: ServerResponse) => {
    answers.set(socket, response)
    // Node puts its own limit, KEEP_ALIVE_MS, in its place when the answer is out.
    socket.setTimeout(slowMs)
  }
  const server = createServer({
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: HEAD_LIMIT_MS,
    requestTimeout: REQUEST_LIMIT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Looked at below, where the refusal is a problem too.
    requireHostHeader: false,
  })
  server.on('timeout', (socket: Socket) => {
    // An answer that is still to come, as that of a long poll, is no fault of the client.
    if (socket.writableLength > 0 || !isAnswering(socket)) socket.destroy()
  })
  server.on('request', (request, response) => {
    beginAnswer(request.socket, response)
    const hosts = hostsOf(request)
    // RFC 9112, section 3.2; HTTP/1.0 has no need of one.
    if (hosts > 1 || (hosts === 0 && request.httpVersion !== '1.0')) sendProblem(response, malformed)
    else listener(request, response)
  })
  server.on('checkExpectation', (request, response) => {
    beginAnswer(request.socket, response)
    sendProblem(response, unmetExpectation)
  })
  server.on('connect', (_request, socket) => {
    socket.on('error', ignore)
    if (isAnswering(socket)) socket.destroy()
    else refuseSocket(socket, noTunnel)
  })
  server.on('upgrade', (request, socket, head) => {
    // Node has taken its own listener away, and a client may reset the connection at any moment.
    socket.on('error', ignore)
    // Pipelined behind a request whose answer is still to come: that would land in the middle of the new protocol.
    if (isAnswering(socket)) socket.destroy()
    else if (hostsOf(request) !== 1) refuseSocket(socket, malformed)
    else if (request.headers.upgrade?.toLowerCase() === 'websocket') upgrade(request, socket, head)
    else
      declineUpgrade(request, socket, (response) => {
        beginAnswer(request.socket, response)
        request.socket.on('timeout', () => server.emit('timeout', request.socket))
        listener(request, response)
      })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const refusal = problemBytes(error.code === 'HPE_HEADER_OVERFLOW' ? tooLargeHead : malformed)
    // What came before the garbage is answered first; a stream has no end, so it is cut off.
    if (isAnswering(socket)) answers.get(socket)?.once('finish', () => socket.end(refusal))
    else socket.end(refusal)
    setTimeout(() => socket.destroy(), END_LIMIT_MS).unref()
  })
  return server
}

/**
 * An upgrade to something else (`curl --http2` asks for h2c) may be ignored (RFC 9110, section 7.8): the request is
 * answered as if it had not asked. Node has stopped reading the socket, so one with a body cannot be.
 */
function declineUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  answer: (response: ServerResponse) => void,
): void {
  if (!(socket instanceof Socket) || (request.method !== 'GET' && request.method !== 'HEAD')) {
    refuseSocket(socket, malformed)
    return
  }
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  response.once('finish', () => {
    endWith(socket, '')
  })
  socket.once('end', () => {
    endWith(socket, '')
  })
  socket.resume()
  answer(response)
}

/** Answers a socket that has no response of its own, such as one that asks for an upgrade, and ends it. */
export function refuseSocket(socket: Duplex, problem: Problem): void {
  endWith(socket, problemBytes(problem))
}

/** Writes the last bytes. The socket is closed by force after a limit: a client could keep it open for ever. */
function endWith(socket: Duplex, bytes: string): void {
  socket.once('finish', () => {
    socket.destroy()
  })
  setTimeout(() => {
    socket.destroy()
  }, END_LIMIT_MS).unref()
  socket.end(bytes)
}

function ignore(): void {
  // The connection's close event follows.
}

/** How often a request names its host: node:http keeps only the first. */
function hostsOf({ rawHeaders }: IncomingMessage): number {
  let hosts = 0
  // A name and its value in turn.
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++
  }
  return hosts
}

/** Settles with the URL. Errors: one sentence with the fix when the port is taken or not allowed. */
export async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(sentence(error, port, host), { cause: error }))
    })
    server.listen({ port, host, backlog: 4_096 }, resolve)
  })
  const { port: actual, address, family } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`
}

function sentence(error: NodeJS.ErrnoException, port: number, host: string): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} is in use. Stop what listens there, or choose another: PORT=${port + 1}`
  if (error.code === 'EACCES') return `Port ${port} needs more rights. Choose one above 1023: PORT=8080`
  return `Cannot listen on ${host}:${port}: ${messageOf(error)}`
}
