import { createHash } from 'node:crypto'
import { Router, type Request } from 'express'
import { exactPaths } from '../../platform/create-app.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { Problem } from '../../platform/problem.ts'
import { secureHeaders } from '../../platform/secure-headers.ts'
import { expressPath } from '../../protocol/operation.ts'
import { alternatesHeader } from '../../syndication/alternates.ts'
import { resumePointOf } from '../../protocol/last-event-id.ts'
import { parseMarkedPosition, type MarkedPosition } from '../../protocol/position.ts'
import { pageQuery, partsQuery } from '../../protocol/reader-queries.ts'
import { readerRoutes } from '../../protocol/reader-routes.ts'
import type { Admission, Slot } from '../admission/admission.ts'
import type { SocketWriter } from '../bytes/socket-writer.ts'
import { eventStreamHeaders, wantsEventStream } from './event-stream-headers.ts'
import { openEventStream } from './open-event-stream.ts'
import type { OpenFeeds } from '../upstream/open-feeds.ts'
import { answerProblem } from './answer-problem.ts'
import { answerUnservedStream } from './answer-unserved-stream.ts'
import type { ReaderPass } from '../partners/reader-pass.ts'
import { holds, mayRead, passOf, preflight, read, type FeedRequest } from './feed-request.ts'
import { invalidPosition } from '../admission/invalid-position.ts'
import { returnAfterMs } from '../admission/return-after-ms.ts'
import { parseQuery } from './parse-query.ts'
import { UntakenAnswers } from './untaken-answers.ts'

/** Seconds for which a cache may keep the public keys: a new key is published a minute before its first token. */
const JWKS_AGE_S = 30

export interface ReadDeps {
  readonly feeds: OpenFeeds
  readonly admission: Admission
  readonly metrics: Metrics
  readonly writer: SocketWriter
}

/** The readers' HTTP routes: the list of feeds, the snapshot, pages of events and the event stream. */
export function readRoutes({ feeds, admission, metrics, writer }: ReadDeps): Router {
  const router = Router(exactPaths)
  // `mayRead` decides which other sites may read.
  router.use(secureHeaders({ crossOriginResourcePolicy: { policy: 'cross-origin' } }))

  const allowed = mayRead(admission)
  const untaken = new UntakenAnswers(admission)

  const { feeds: list, snapshot: strip, words, events } = readerRoutes
  for (const { path } of [list, strip, words, events]) router.options(expressPath(path), preflight(admission))
  router.get(readerRoutes.feeds.path, allowed, async (request, response) => {
    const pass = await passOf(feeds, request, response)
    if (!feeds.loaded) throw new Problem('feed-loading')
    response.set('Cache-Control', 'no-cache').json({ feeds: feeds.titles(pass) })
  })
  router.get(readerRoutes.jwks.path, allowed, (_request, response) => {
    const keys = feeds.gate?.jwks() ?? { keys: [] }
    response.set('Cache-Control', `public, max-age=${JWKS_AGE_S}`).json(keys)
  })
  router.get(
    expressPath(readerRoutes.snapshot.path),
    allowed,
    read(feeds, (reading) => {
      snapshot(reading)
      untaken.hold(reading.request, reading.response)
    }),
  )
  router.get(expressPath(readerRoutes.words.path), allowed, read(feeds, ownWords))
  router.get(
    expressPath(readerRoutes.live.path),
    allowed,
    read(feeds, ({ response }) => {
      response.set({ Upgrade: 'websocket', Connection: 'Upgrade' })
      throw new Problem('upgrade-required')
    }),
  )
  router.get(
    expressPath(readerRoutes.events.path),
    allowed,
    read(feeds, async (reading) => {
      reading.response.vary('Accept')
      const after = requestedPosition(reading.request)
      if (wantsEventStream(reading.request)) await stream(reading, after)
      else await page(reading, after)
    }),
    answerUnservedStream,
  )
  router.use(answerProblem)

  async function stream(reading: FeedRequest, after: MarkedPosition | undefined): Promise<void> {
    const { request, response, hub, filter, pass } = reading
    const takesParts = parseQuery(partsQuery, request.query).parts !== undefined
    if (request.method === 'HEAD') {
      response.writeHead(200, eventStreamHeaders).end()
      return
    }
    const slot = admit(request, 'stream', pass)
    try {
      await catchUp(reading, after)
      if (admission.draining) throw new Problem('draining', { extra: { retryAfterMs: returnAfterMs() } })
    } catch (problem) {
      slot.free()
      throw problem
    }
    const { gate } = feeds
    openEventStream(request, response, { hub, filter, after, takesParts, slot, writer, metrics, pass, gate })
  }

  async function page(reading: FeedRequest, after: MarkedPosition | undefined): Promise<void> {
    const { request, response, feed, hub, filter, pass } = reading
    const { limit, wait } = parseQuery(pageQuery, request.query)
    await catchUp(reading, after)
    const pageAfter = (from: MarkedPosition | undefined) => {
      const serverTime = new Date(hub.now()).toISOString()
      return hub
        .view(filter)
        .page(from, limit, { serverTime, ...hub.newFeed(), ...hub.feedState() }, hub.title)
    }
    let found = pageAfter(after)
    if (wait > 0 && found.events === 0 && !found.reset) {
      const slot = admit(request, 'poll', pass)
      const watched = pass && feeds.gate?.enter({ pass, feed, end: () => void hub.polls.wake() })
      const mayRead = () => !pass || feeds.gate?.stillOpens(pass, feed) === true
      const until = performance.now() + wait * 1_000
      const { stale, title } = hub
      const isSame = () => hub.stale === stale && hub.title === title
      const isInTime = () => !admission.draining && performance.now() < until
      const goesOn = () => !response.closed && isSame() && isInTime() && mayRead()
      try {
        while (found.events === 0 && !found.reset && goesOn()) {
          await nextEvent(reading, until - performance.now())
          found = pageAfter(found.reached)
        }
      } finally {
        watched?.leave()
        slot.free()
      }
      if (!mayRead()) throw new Problem('partner-refused')
    }
    const meter = pass && feeds.gate?.usage.meterOf(pass.partner.id)
    if (meter) meter.deliveries += found.events
    // A cache may serve a full page for one second: that is how long a withdrawn headline may survive in it.
    response.set('Cache-Control', found.events === limit ? 'public, max-age=1' : 'no-store')
    response.type('json').send(found.json)
    untaken.hold(request, response)
    // Only a waiting request counts as a delivery: others may come from a cache.
    if (wait > 0 && request.method === 'GET' && !response.closed)
      hub.deliveries.countWrites(found.deliveredSeqs)
  }

  async function catchUp({ feed }: FeedRequest, after: MarkedPosition | undefined): Promise<void> {
    if (!(await feeds.reaches(feed, after))) throw new Problem('feed-loading')
    feeds.examine(feed, after)
  }

  function admit(request: Request, kind: 'stream' | 'poll', pass: ReaderPass | undefined): Slot {
    const slot = admission.admit(request, kind, pass)
    if (slot instanceof Problem) throw slot
    return slot
  }

  return router
}

function snapshot({ request, response, hub, filter }: FeedRequest): void {
  const feedState = hub.feedState()
  // The chain hash tells apart two histories that have the same position.
  const { version } = hub.presentation
  const parts = [hub.log.position, hub.log.head.chain.slice(0, 8), ...(version ? [version] : [])]
  const etag = `"${[...parts, ...Object.keys(feedState)].join('-')}"`
  // Caches must revalidate each time, or they would serve a withdrawn headline.
  response.set({ 'Cache-Control': 'no-cache', ETag: etag, Link: alternatesHeader(hub.title) })
  if (holds(request, etag)) response.status(304).end()
  else response.type('json').send(hub.view(filter).snapshot(feedState, hub.title))
}

function ownWords({ request, response, hub }: FeedRequest): void {
  const body = JSON.stringify(hub.presentation)
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
  response.set({ 'Cache-Control': 'no-cache', ETag: etag })
  if (holds(request, etag)) response.status(304).end()
  else response.type('json').send(body)
}

async function nextEvent({ response, hub }: FeedRequest, limitMs: number): Promise<void> {
  const gone = new AbortController()
  const abort = () => {
    gone.abort()
  }
  response.once('close', abort)
  await hub.polls.wait(limitMs, gone.signal)
  response.off('close', abort)
}

/** The position to resume from. Errors: Problem `invalid-position`, which names the parameter or header. */
function requestedPosition({ query, headers }: Request): MarkedPosition | undefined {
  const wanted = resumePointOf(query, headers)
  if (!wanted) return undefined
  const position = typeof wanted.value === 'string' ? parseMarkedPosition(wanted.value) : undefined
  if (!position) throw invalidPosition(wanted.name)
  return position
}
