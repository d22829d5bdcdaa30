import { Router, type Request, type RequestHandler, type Response } from 'express'
import { z } from 'zod'
import type { Metrics } from '../platform/metrics.ts'
import { parsePosition, type Position } from '../protocol/position.ts'
import { problemBody, type ProblemCode } from '../protocol/problems.ts'
import type { Admission } from './admission.ts'
import { openEventStream } from './event-stream.ts'
import type { Feeds } from './feeds.ts'
import type { Hub } from './hub.ts'
import { readPage } from './page.ts'

export interface ReadDeps {
  readonly feeds: Feeds
  readonly admission: Admission
  readonly metrics: Metrics
}

const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Seconds; below the idle time-outs of usual proxies. */
  wait: z.coerce.number().min(0).max(25).default(0),
})

/** What readers get over HTTP: the feeds, a snapshot, pages and the event stream. */
export function readRoutes({ feeds, admission, metrics }: ReadDeps): Router {
  const router = Router()

  const open: RequestHandler = (request, response, next) => {
    response.vary('Origin')
    const { origin } = request.headers
    if (!admission.mayRead(request)) {
      problem(response, 'origin-refused')
      return
    }
    if (origin !== undefined) response.set('Access-Control-Allow-Origin', origin)
    next()
  }

  const withHub =
    (answer: (request: Request, response: Response, hub: Hub) => unknown): RequestHandler =>
    async (request, response) => {
      const hub = feeds.hub(String(request.params.feed))
      if (hub) await answer(request, response, hub)
      else problem(response, feeds.loaded ? 'no-such-feed' : 'feed-loading')
    }

  router.get('/v1/feeds', open, (_request, response) => {
    if (!feeds.loaded) problem(response, 'feed-loading')
    else response.set('Cache-Control', 'no-cache').json({ feeds: feeds.titles() })
  })

  router.get(
    '/v1/feeds/:feed',
    open,
    withHub((request, response, hub) => {
      // A cache must ask each time: a withdrawn line may not outlive its withdrawal there.
      response.set({ 'Cache-Control': 'no-cache', ETag: `"${hub.log.position}${hub.stale ? '-stale' : ''}"` })
      if (request.fresh) response.status(304).end()
      else response.type('json').send(hub.log.snapshot(hub.stale))
    }),
  )

  router.get(
    '/v1/feeds/:feed/live',
    open,
    withHub((_request, response) => {
      response.set('Upgrade', 'websocket')
      problem(response, 'upgrade-required')
    }),
  )

  router.get(
    '/v1/feeds/:feed/events',
    open,
    withHub(async (request, response, hub) => {
      response.vary('Accept')
      const after = positionAsked(request)
      if (after === 'invalid') {
        problem(response, 'invalid-position')
        return
      }
      if (request.accepts(['json', 'text/event-stream']) === 'text/event-stream') {
        stream(request, response, hub, after)
        return
      }
      const query = pageQuery.safeParse(request.query)
      if (query.success) await page(request, response, hub, { after, ...query.data })
      else problem(response, 'malformed-request', { detail: z.prettifyError(query.error) })
    }),
  )

  function stream(request: Request, response: Response, hub: Hub, after: Position | undefined): void {
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end()
      return
    }
    const place = admission.admit(request)
    if (typeof place === 'string') problem(response, place)
    else openEventStream(request, response, { hub, after, place, metrics })
  }

  async function page(
    request: Request,
    response: Response,
    hub: Hub,
    { after, limit, wait }: { after: Position | undefined; limit: number; wait: number },
  ): Promise<void> {
    let found = readPage(hub.log, after, limit)
    if (wait > 0 && after && found.count === 0 && !found.reset) {
      const place = admission.admit(request)
      if (typeof place === 'string') {
        problem(response, place)
        return
      }
      const gone = new AbortController()
      response.once('close', () => {
        gone.abort()
      })
      await hub.nextEvent(wait * 1_000, gone.signal).finally(() => {
        place.leave()
      })
      found = readPage(hub.log, after, limit)
    }
    // What stands in a full page changes only when a line is withdrawn: a cache may keep it for a minute.
    response.set('Cache-Control', found.count === limit ? 'public, max-age=60' : 'no-store')
    response.type('json').send(found.json)
  }

  return router
}

/** `after` wins over the Last-Event-ID that a browser repeats by itself. */
function positionAsked({ query, headers }: Request): Position | undefined | 'invalid' {
  const written = query.after ?? headers['last-event-id']
  if (written === undefined) return undefined
  return (typeof written === 'string' ? parsePosition(written) : undefined) ?? 'invalid'
}

function problem(response: Response, code: ProblemCode, extra?: Record<string, unknown>): void {
  const { status, body } = problemBody(code, extra)
  if (status === 503 || status === 429) response.set('Retry-After', '2')
  response
    .status(status)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(body))
}
