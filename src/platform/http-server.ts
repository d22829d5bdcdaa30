import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { messageOf } from './errors.ts'
import { ignoreUpgrade } from './ignore-upgrade.ts'
import { problemBytes, sendProblem } from './problem-answer.ts'
import { Problem } from './problem.ts'

const MAX_HEAD_BYTES = 16_384
/** A client that needs longer to send its head or its whole request is disconnected. */
const requestLimits = { headMs: 10_000, requestMs: 20_000 }
/** Node looks so often for requests that are over a limit. Its default, 30 s, makes the limits that much longer. */
const LIMIT_CHECK_MS = 1_000
/** Longer than common proxies keep an idle connection, so that the proxy closes first. */
const KEEP_ALIVE_MS = 75_000
/** Time that a client has to receive the last bytes before its socket is destroyed. */
const END_TIMEOUT_MS = 2_000

/** For requests that are refused before any route gets them: the connection closes after the answer. */
const closing = { headers: { Connection: 'close' } }
const malformed = new Problem('malformed-request', {
  ...closing,
  extra: { detail: 'The request is not a valid HTTP/1.1 request with one Host header.' },
})
const noTunnel = new Problem('method-not-allowed', {
  // RFC 9110, section 10.2.1: empty when the target supports no method.
  headers: { ...closing.headers, Allow: '' },
  extra: { detail: 'This server is not a proxy; CONNECT is not supported.' },
})
const unmetExpectation = new Problem('expectation-failed', closing)
const tooLargeHead = new Problem('header-too-large', closing)

/** Disconnects a client that receives nothing of its answer for `slowMs`. */
export function createHttpServer(
  listener: RequestListener,
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
  slowMs: number,
  limits = requestLimits,
): Server {
  // The newest answer of each connection. Answers are sent in order, so when it is sent, all are.
  const answers = new WeakMap<Duplex, ServerResponse>()
  const isAnswering = (socket: Duplex) => answers.get(socket)?.writableFinished === false
  const beginAnswer = (socket: Socket, response: ServerResponse) => {
    answers.set(socket, response)
    // Node replaces this timeout by KEEP_ALIVE_MS when the answer is sent.
    socket.setTimeout(slowMs)
  }
  const server = createServer({
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: LIMIT_CHECK_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // The 'request' listener below checks the header itself, to answer with a problem.
    requireHostHeader: false,
  })
  server.on('timeout', (socket: Socket) => {
    // While an answer such as that of a long poll has not begun, the client is not slow.
    if (socket.writableLength > 0 || !isAnswering(socket)) socket.destroy()
  })
  server.on('request', (request, response) => {
    beginAnswer(request.socket, response)
    const hosts = hostsOf(request)
    // RFC 9112, section 3.2. HTTP/1.0 does not require a Host header.
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
    if (!isForWebSocket(request)) {
      passOn(request, request.socket, head)
      return
    }
    // Node has removed its own error listener, and a client may reset the connection at any moment.
    socket.on('error', ignore)
    // An earlier request of this connection is not answered yet: its answer would be sent inside the new protocol.
    if (isAnswering(socket)) socket.destroy()
    else if (hostsOf(request) !== 1) refuseSocket(socket, malformed)
    else upgrade(request, socket, head)
  })
  /** Answers a request for another protocol, such as h2c by `curl --http2`, as if it did not name that protocol. */
  const passOn = (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const earlier = answers.get(socket)
    if (earlier && isAnswering(socket)) {
      // Node has removed its listeners, and sends no answer before those to earlier requests of the connection.
      const cut = () => server.emit('timeout', socket)
      socket.on('error', ignore).on('timeout', cut)
      earlier.once('finish', () => {
        socket.off('error', ignore).off('timeout', cut)
        if (socket.writable) passOn(request, socket, head)
      })
    } else if (!ignoreUpgrade(server, request, socket, head)) {
      socket.on('error', ignore)
      refuseSocket(socket, tooLargeHead)
    }
  }
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const refusal = problemBytes(error.code === 'HPE_HEADER_OVERFLOW' ? tooLargeHead : malformed)
    // Earlier requests are answered first. An endless stream is ended by the timeout below.
    if (isAnswering(socket)) answers.get(socket)?.once('finish', () => socket.end(refusal))
    else socket.end(refusal)
    setTimeout(() => socket.destroy(), END_TIMEOUT_MS).unref()
  })
  return server
}

/** Writes a problem to a socket that has no response object, such as that of an upgrade, and closes it. */
export function refuseSocket(socket: Duplex, problem: Problem): void {
  endWith(socket, problemBytes(problem))
}

/** Writes the last bytes. A client could keep the socket open for ever, so it is destroyed after a timeout. */
function endWith(socket: Duplex, bytes: string): void {
  socket.once('finish', () => {
    socket.destroy()
  })
  setTimeout(() => {
    socket.destroy()
  }, END_TIMEOUT_MS).unref()
  socket.end(bytes)
}

function ignore(): void {
  // The connection's close event follows.
}

function isForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

/** The number of Host headers; `request.headers` has only the first. */
function hostsOf({ rawHeaders }: IncomingMessage): number {
  let hosts = 0
  // Names and values alternate.
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++
  }
  return hosts
}

/** Settles with the URL. Errors: a message that says how to fix it when the port is in use or not allowed. */
export async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(listenErrorText(error, port, host), { cause: error }))
    })
    server.listen({ port, host, backlog: 4_096 }, resolve)
  })
  const { port: actual, address, family } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`
}

function listenErrorText(error: NodeJS.ErrnoException, port: number, host: string): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} is in use. Stop the program that listens on it, or choose another port: PORT=${port + 1}`
  if (error.code === 'EACCES')
    return `This user may not listen on port ${port}. Choose a port above 1023: PORT=8080`
  return `Cannot listen on ${host}:${port}: ${messageOf(error)}`
}
