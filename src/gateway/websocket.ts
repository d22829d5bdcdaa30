import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { closeCodes, type CloseCode } from '../protocol/close-codes.ts'
import type { ByeFrame, ByeReason } from '../protocol/frames.ts'
import { parsePosition } from '../protocol/position.ts'
import { problemBody, type ProblemCode } from '../protocol/problems.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Admission, Place } from './admission.ts'
import type { Feeds } from './feeds.ts'
import type { Hub } from './hub.ts'
import { liveTarget } from './request-target.ts'
import type { Connection } from './session.ts'
import { wsText } from './wire.ts'

/** Readers send nothing but control frames, whose payload is at most 125 bytes. */
const MAX_PAYLOAD_BYTES = 1_024
/** Pings that a reader may send between two heartbeats. */
const MAX_PINGS = 20
/** How long a reader that was sent away may keep its connection open. */
const CLOSE_TIMEOUT_MS = 2_000

const byeCodes: Record<ByeReason, CloseCode> = { draining: 1001, slow: 4408, idle: 4410 }

export interface UpgradeDeps {
  readonly feeds: Feeds
  readonly admission: Admission
  readonly metrics: Metrics
}

/** Answers `GET /v1/feeds/{feed}/live?after=…` with `Upgrade: websocket`; anything else gets a problem+json. */
export function createUpgrade({ feeds, admission, metrics }: UpgradeDeps) {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_BYTES,
  })

  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A reader may be gone at any moment; ws adds its own listener after the handshake.
    socket.on('error', ignore)
    const found = target(request, feeds)
    if (typeof found === 'string') {
      refuse(socket, found)
      return
    }
    const place = admission.admit(request)
    if (typeof place === 'string') {
      refuse(socket, place)
      return
    }
    socket.once('close', () => {
      place.leave()
    })
    server.handleUpgrade(request, socket, head, (client) => {
      attach(client, socket, found, place, metrics)
    })
  }
}

interface Target {
  readonly hub: Hub
  readonly after: ReturnType<typeof parsePosition>
}

function target(request: IncomingMessage, feeds: Feeds): Target | ProblemCode {
  const live = liveTarget(request.url ?? '')
  if (!live) return 'no-such-route'
  if (request.method !== 'GET') return 'method-not-allowed'
  const hub = feeds.hub(live.feed)
  if (!hub) return feeds.loaded ? 'no-such-feed' : 'feed-loading'
  const written = live.query.get('after')
  const after = written === null ? undefined : parsePosition(written)
  return written !== null && !after ? 'invalid-position' : { hub, after }
}

function attach(
  client: WebSocket,
  socket: Duplex,
  { hub, after }: Target,
  place: Place,
  metrics: Metrics,
): void {
  let unanswered = 0
  let pings = 0

  const connection: Connection = {
    wire: 'ws',
    // Below ws: what is shared by all readers is framed already. ws itself writes whole frames (pong, close), in
    // the same order, so none is ever torn.
    write: (bytes) => client.readyState !== WebSocket.OPEN || socket.write(bytes),
    answersPings() {
      pings = 0
      return ++unanswered <= 2
    },
    end(reason, retryAfterMs) {
      if (client.readyState !== WebSocket.OPEN) return
      const bye: ByeFrame = { type: 'bye', reason, retryAfterMs }
      socket.write(wsText(JSON.stringify(bye)))
      close(byeCodes[reason])
    },
  }

  function close(code: CloseCode): void {
    metrics.sessionsClosed.inc({ reason: closeCodes[code].name })
    client.close(code, closeCodes[code].name)
    setTimeout(() => {
      client.terminate()
    }, CLOSE_TIMEOUT_MS).unref()
  }

  client.on('pong', () => {
    unanswered = 0
  })
  client.on('ping', () => {
    if (++pings > MAX_PINGS) close(4429)
  })
  client.on('message', () => {
    close(4400)
  })
  // Broken frames: ws closes with 1002, 1007 or 1009 by itself.
  client.on('error', ignore)
  client.on('close', () => {
    hub.leave(session)
    place.leave()
  })
  socket.on('drain', () => {
    hub.drained(session)
  })
  const session = hub.join(connection, after)
}

/** Answers before the upgrade, so that a proxy and a log can read it too. */
export function refuse(socket: Duplex, code: ProblemCode): void {
  const { status, body } = problemBody(code)
  const json = JSON.stringify(body)
  const lines = [
    `HTTP/1.1 ${status} ${code}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(json)}`,
    'Cache-Control: no-store',
    'Connection: close',
    ...(status === 503 || status === 429 ? ['Retry-After: 2'] : []),
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${json}`)
}

function ignore(): void {
  // The connection's close event follows and cleans up.
}
