import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type PerMessageDeflateOptions } from 'ws'
import { messageOf } from '../../platform/errors.ts'
import { refuseSocket } from '../../platform/http-server.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { Problem } from '../../platform/problem.ts'
import { parseAck } from '../../protocol/ack.ts'
import { filterSchema, type Filter } from '../../protocol/filter.ts'
import { parseMarkedPosition, type MarkedPosition } from '../../protocol/position.ts'
import { acksQuery, drillQuery, partsQuery } from '../../protocol/reader-queries.ts'
import type { Admission } from '../admission/admission.ts'
import { framesPassThrough } from '../bytes/frames-pass-through.ts'
import type { SocketWriter } from '../bytes/socket-writer.ts'
import type { OpenFeeds } from '../upstream/open-feeds.ts'
import type { Hub } from '../readers/hub.ts'
import { enterStream } from '../partners/enter-stream.ts'
import { filterOf, type ReaderPass } from '../partners/reader-pass.ts'
import { liveTarget } from './live-target.ts'
import { invalidPosition } from '../admission/invalid-position.ts'
import { returnAfterMs } from '../admission/return-after-ms.ts'
import type { ReaderSession } from '../readers/reader-session.ts'
import { ReaderSocket, WebSocketConnection } from './websocket-connection.ts'

/** Readers send only acknowledgements and control frames, and the payload of a control frame has at most 125 bytes. */
const MAX_PAYLOAD_BYTES = 1_024
/** Limits fragments, since an endless message of empty ones never reaches the size limit. */
const MAX_FRAGMENTS = 8
/** Time for which a reader may keep its connection open after the close frame. */
const CLOSE_LIMIT_MS = 2_000

/** The versions of the protocol that ws speaks; they have the same frames, and 13 is the one of RFC 6455. */
const VERSIONS = ['13', '8']
const otherVersion = new Problem('upgrade-required', {
  headers: { Upgrade: 'websocket', Connection: 'Upgrade, close', 'Sec-WebSocket-Version': '13' },
  extra: { detail: 'This server speaks version 13 of the WebSocket protocol.' },
})
const badHandshake = new Problem('malformed-request', {
  extra: { detail: 'A Sec-WebSocket header of the handshake is missing or not valid.' },
})

const announcedQuery = acksQuery.extend({ ...partsQuery.shape, ...drillQuery.shape })

const sharedDeflate: PerMessageDeflateOptions = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  // An offer with a smaller window than shared frames need is skipped in favour of the next. (Not in ws's types.)
  ...({ serverMaxWindowBits: false } as object),
}

export interface UpgradeDeps {
  readonly feeds: OpenFeeds
  readonly admission: Admission
  readonly metrics: Metrics
  readonly logger: Logger
  readonly writer: SocketWriter
  /** Whether readers that offer compression get deflated frames, each compressed once for all of them. */
  readonly compress: boolean
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Upgrades `GET /v1/feeds/{feed}/live?after=…` to a WebSocket; other upgrade requests get a problem+json. */
export function createUpgrade({ feeds, admission, metrics, logger, writer, compress }: UpgradeDeps): Upgrade {
  const common = {
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_PAYLOAD_BYTES,
    maxFragments: MAX_FRAGMENTS,
    closeTimeout: CLOSE_LIMIT_MS,
    WebSocket: ReaderSocket,
  }
  const plain = new WebSocketServer<typeof ReaderSocket>({ ...common, perMessageDeflate: false })
  const direct = framesPassThrough(plain)
  const deflating = new WebSocketServer<typeof ReaderSocket>({
    ...common,
    // Without a context between messages all readers can share one compressed frame.
    perMessageDeflate: compress && direct && sharedDeflate,
  })
  for (const server of [plain, deflating]) server.on('wsClientError', refuseHandshake)
  if (!direct) logger.warn({ event: 'frames-sent-by-ws', reason: 'ws does not write whole frames at once' })

  async function open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const target = await targetOf(request, feeds)
    const slot = admission.admit(request, 'stream', target.pass)
    if (slot instanceof Problem) throw slot
    let session: ReaderSession | undefined
    const counted = enterStream(feeds.gate, target.pass, target.feed, countedSocket(socket), () => {
      if (session) session.connection.end('revoked', returnAfterMs())
      else socket.destroy()
    })
    socket.on('close', () => {
      if (session) target.hub.leave(session)
      slot.free()
      counted?.leave()
    })
    if (socket.destroyed) {
      slot.free()
      counted?.leave()
    }
    if (feeds.isOutside(target.feed, target.after)) {
      const reached = await feeds.reaches(target.feed, target.after)
      if (!reached || admission.draining) {
        const extra = { retryAfterMs: returnAfterMs() }
        throw new Problem(reached ? 'draining' : 'feed-loading', { extra })
      }
    }
    feeds.examine(target.feed, target.after)
    const server = takesSharedFrames(request) ? deflating : plain
    // The handshake's answer, the hello and the missing events go out in one write.
    socket.cork()
    server.handleUpgrade(request, socket, head, (client) => {
      const directWriter = direct ? writer : undefined
      const connection = new WebSocketConnection(client, socket, directWriter, metrics, target.parts)
      session = attach(connection, target, counted?.meter)
    })
    socket.uncork()
  }

  return (request, socket, head) => {
    open(request, socket, head).catch((error: unknown) => {
      if (error instanceof Problem) {
        refuseSocket(socket, error)
        return
      }
      logger.error({ event: 'upgrade-failed', error: messageOf(error) })
      socket.destroy()
    })
  }
}

/** For a handshake that ws does not accept: RFC 6455, section 4.4, names the versions that the server speaks. */
function refuseHandshake(_error: Error, socket: Duplex, { headers }: IncomingMessage): void {
  const spoken = VERSIONS.includes(headers['sec-websocket-version'] ?? '')
  refuseSocket(socket, spoken ? badHandshake : otherVersion)
}

/** Whether one of the reader's offers leaves the window size to the server; otherwise ws would answer 400. */
function takesSharedFrames({ headers }: IncomingMessage): boolean {
  const offers = headers['sec-websocket-extensions']?.split(',') ?? []
  return offers.some(
    (offer) => offer.includes('permessage-deflate') && !offer.includes('server_max_window_bits'),
  )
}

interface LiveTarget {
  readonly feed: string
  readonly hub: Hub
  readonly filter: Filter
  readonly after: MarkedPosition | undefined
  /** Whether the reader has announced that it acknowledges. */
  readonly acks: boolean
  /** Whether the reader has announced that it takes a long `reset` in parts. */
  readonly parts: boolean
  readonly pass: ReaderPass | undefined
}

/** Errors: Problem. */
async function targetOf(request: IncomingMessage, feeds: OpenFeeds): Promise<LiveTarget> {
  const live = liveTarget(request.url ?? '')
  if (!live) throw new Problem('no-such-route')
  if (request.method !== 'GET') throw new Problem('method-not-allowed', { headers: { Allow: 'GET, HEAD' } })
  const pass = await feeds.gate?.passOf(request)
  if (pass) await countHandshake(feeds, pass)
  const drill = live.query.get('drill') ?? undefined
  const takesDrills = drill === '1' && live.query.getAll('drill').length === 1
  const hub = feeds.hub(live.feed, { takesDrills, pass })
  if (!hub) throw new Problem(feeds.absence(live.feed, { takesDrills, pass }))
  const wanted = wantedFilter(live.query)
  if (!wanted) throw new Problem('invalid-query')
  const filter = filterOf(pass, wanted)
  if (!filter) throw new Problem('filter-refused')
  const acks = live.query.get('acks') ?? undefined
  const parts = live.query.get('parts') ?? undefined
  if (!announcedQuery.safeParse({ acks, parts, drill }).success) throw new Problem('invalid-query')
  const afterParameter = live.query.get('after')
  const after = afterParameter === null ? undefined : parseMarkedPosition(afterParameter)
  if (afterParameter !== null && !after) throw invalidPosition('after')
  return { feed: live.feed, hub, filter, after, acks: acks !== undefined, parts: parts !== undefined, pass }
}

async function countHandshake({ gate }: OpenFeeds, pass: ReaderPass): Promise<void> {
  if (!gate) return
  gate.usage.meterOf(pass.partner.id).requests++
  await gate.limits.countHandshake(pass)
}

/** The bytes of a handshake's socket; Node types the socket of an upgrade as any stream. */
function countedSocket(socket: Duplex): { readonly bytesWritten?: number } {
  return socket as Duplex & { readonly bytesWritten?: number }
}

/** The parameters that a reader without a filter may have. */
const UNFILTERED = ['after', 'acks', 'parts', 'drill', 'token']

function wantedFilter(query: URLSearchParams): Filter | undefined {
  // Most readers have no filter, so their queries need no schema.
  if (query.size === UNFILTERED.filter((name) => query.has(name)).length) return {}
  // A repeated parameter is refused, since a proxy in front might take the other value.
  const names = [...query.keys()]
  if (new Set(names).size < names.length) return undefined
  return filterSchema.safeParse(Object.fromEntries(query)).data
}

function attach(
  connection: WebSocketConnection,
  { hub, filter, after, acks }: LiveTarget,
  meter: { deliveries: number } | undefined,
): ReaderSession {
  const { client, socket } = connection
  // Every message but an acknowledgement is refused. ws itself closes for broken frames, with 1002, 1007 or 1009.
  client.on('error', ignoreError)
  client.on('message', (message: Buffer, isBinary) => {
    if (!connection.isOpen()) return
    const acked = acks && !isBinary ? parseAck(message.toString()) : undefined
    if (!acked) connection.refuse(4400)
    else if (connection.mayAck()) hub.acknowledgements.acked(session, acked)
  })
  client.on('ping', () => {
    // ws has afterParameter a pong to the stream.
    session.dropHandle()
    connection.pinged()
  })
  client.on('pong', () => {
    connection.ponged()
  })
  const session = hub.join(connection, filter, after, acks, meter)
  connection.session = session
  socket.on('end', () => {
    session.dropHandle()
  })
  socket.on('drain', () => {
    hub.drained(session)
  })
  return session
}

function ignoreError(): void {
  // The close event of the connection follows, and its handler cleans up.
}
