import { Router, type Request, type Response } from 'express'
import { exactPaths } from '../platform/create-app.ts'
import { Problem } from '../platform/problem.ts'
import { resumePointOf } from '../protocol/last-event-id.ts'
import { parseMarkedPosition, type MarkedPosition } from '../protocol/position.ts'
import { eventText } from '../protocol/reader-frames.ts'
import { pageQuery } from '../protocol/reader-queries.ts'
import { credentialIn } from './credential-in.ts'
import { RUN_FEED, type Outlet, type Run } from './run.ts'
import type { Runs } from './runs.ts'

const base = '/:run/v1/feeds'
const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
}

/** The feed of a run over HTTP, at the addresses that a feed has: snapshot, pages, long polls, server-sent events. */
export function runFeedRoutes(runs: Runs): Router {
  const router = Router(exactPaths)
  router.options([base, `${base}/:feed`, `${base}/:feed/events`], (_request, response) => {
    response.set('Access-Control-Allow-Headers', 'Authorization, Cache-Control, If-None-Match, Last-Event-ID')
    response.set('Access-Control-Allow-Methods', 'GET, HEAD').status(204).end()
  })
  router.get(base, (request, response) => {
    const run = allowed(runs.find(request.params.run), request)
    response.json({ feeds: [run.title()] })
  })
  router.get(`${base}/:feed`, (request, response) => {
    const run = allowed(runs.find(runOf(request)), request)
    response.json(run.snapshot())
  })
  router.get(`${base}/:feed/events`, async (request, response) => {
    const run = allowed(runs.findForConnection(runOf(request)), request)
    const after = positionIn(request)
    const wantsStream = request.headers.accept?.includes('text/event-stream')
    if (wantsStream && request.method === 'HEAD') response.writeHead(200, streamHeaders).end()
    else if (wantsStream) stream(run, response, after)
    else await page(run, request, response, after)
  })
  return router
}

function stream(run: Run, response: Response, after: MarkedPosition | undefined): void {
  response.writeHead(200, streamHeaders)
  const outlet: Outlet = {
    send(frame, id) {
      response.write(eventText(JSON.stringify(frame), id))
      if ('retryAfterMs' in frame) response.write(`retry: ${String(frame.retryAfterMs)}\n\n`)
    },
    end: () => response.end(),
    cut: () => response.destroy(),
  }
  response.once('close', run.open(outlet, after))
}

async function page(
  run: Run,
  request: Request,
  response: Response,
  after: MarkedPosition | undefined,
): Promise<void> {
  const query = pageQuery.safeParse(request.query)
  if (!query.success) {
    const [issue] = query.error.issues
    throw new Problem('invalid-query', { extra: { detail: `${issue?.path.join('.')}: ${issue?.message}` } })
  }
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const found = await run.page(after, query.data.wait * 1_000, gone.signal)
  if (found) response.json(found)
  else response.destroy()
}

function runOf({ params }: Request): string {
  if (params.feed !== RUN_FEED) throw new Problem('no-such-feed')
  return String(params.run)
}

function allowed(run: Run, { headers, query }: Request): Run {
  if (!run.opens(credentialIn(headers.authorization, query.token))) throw new Problem('partner-refused')
  return run
}

/** Errors: Problem `invalid-position`. */
function positionIn({ query, headers }: Request): MarkedPosition | undefined {
  const point = resumePointOf(query, headers)
  if (!point) return undefined
  const position = typeof point.value === 'string' ? parseMarkedPosition(point.value) : undefined
  if (!position) throw new Problem('invalid-position')
  return position
}
