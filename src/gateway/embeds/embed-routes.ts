import { createHash } from 'node:crypto'
import { Router, type ErrorRequestHandler, type Request, type Response } from 'express'
import { z } from 'zod'
import type { FeedTitle } from '../../protocol/feed.ts'
import type { Admission } from '../admission.ts'
import type { Feeds } from '../feeds.ts'
import { pagePolicy } from '../page-policy.ts'
import { holds, mayRead, read, type Reading } from '../reading.ts'
import { parsed, refuse, Refusal, refusalsAsProblems } from '../refusal.ts'
import { embedFiles } from './embed-files.ts'
import { embedQuery, fragmentQuery } from './embed-query.ts'
import { frameAncestors } from './frame-ancestors.ts'
import { framePage, problemPage } from './frame-page.ts'
import { attributes, html, type Html } from './html.ts'
import { linesHtml } from './lines-html.ts'
import { describeFrame, frameAt } from './oembed.ts'
import { ownOrigin } from './own-origin.ts'

export interface EmbedDeps {
  readonly feeds: Feeds
  readonly admission: Admission
  readonly allowedOrigins: readonly string[]
}

/** A frame without lines comes back after so long, or up to twice: not all frames at once. */
const RETURN_S = 5

const bound = z.coerce.number().int().min(1).optional()
const oembedQuery = z.object({
  url: z.string().max(4_096),
  maxwidth: bound,
  maxheight: bound,
  format: z.string().default('json'),
})

/** What other sites put into their pages: the frame, its description, the fragment, and how to make them. */
export function embedRoutes({ feeds, admission, allowedOrigins }: EmbedDeps): Router {
  // No handler for all of them: leaving a router by one costs every other request a turn of the event loop.
  const router = Router()
  const framed = pagePolicy({ frameAncestors: frameAncestors(allowedOrigins) })
  const bare = pagePolicy({ isRead: true })
  router.use(embedFiles())
  router.get('/embed/:feed', framed, read(feeds, frame), refusalsAsPages)
  router.get('/oembed', bare, mayRead(admission), describe, refusalsAsProblems)
  router.get(
    '/v1/feeds/:feed/strip.html',
    bare,
    mayRead(admission),
    read(feeds, fragment),
    refusalsAsProblems,
  )

  function describe(request: Request, response: Response): void {
    const { url, format, ...bounds } = parsed(oembedQuery, request.query)
    if (format !== 'json') throw new Refusal('format-not-served')
    const origin = ownOrigin(request)
    if (origin === undefined) throw new Refusal('malformed-request')
    const asked = frameAt(url, origin)
    if (!asked) throw new Refusal('not-embeddable')
    const hub = feeds.hub(asked.feed)
    if (!hub) throw new Refusal(feeds.absence(asked.feed))
    response.set('Cache-Control', 'no-cache').json(describeFrame(origin, hub.title, asked.query, bounds))
  }

  return router
}

function frame({ request, response, hub, filter }: Reading): void {
  const settings = {
    ...parsed(embedQuery, request.query),
    section: filter.section?.join(),
    region: filter.region?.join(),
    urgency: filter.urgency,
  }
  const lines = hub.view(filter).strip()
  send(request, response, framePage({ title: hub.title, lines, settings, origin: ownOrigin(request) }))
}

function fragment({ request, response, hub, filter }: Reading): void {
  const { max } = parsed(fragmentQuery, request.query)
  const lines = hub.view(filter).strip().slice(0, max)
  send(request, response, section(hub.title, linesHtml(hub.title, lines), hub.standing()))
}

function section(
  title: FeedTitle,
  lines: Html,
  { stale, frozen }: { stale?: boolean; frozen?: boolean },
): Html {
  const standing = {
    'data-stale': stale ? 'true' : undefined,
    'data-frozen': frozen ? 'true' : undefined,
  }
  return html`<section
    class="flashline"
    ${attributes({ lang: title.lang, dir: title.dir, 'aria-label': title.title, 'data-feed': title.id, ...standing })}
  >
    ${lines}
  </section> `
}

/** A cache must ask each time: a withdrawn line may not outlive its withdrawal there. */
function send(request: Request, response: Response, { text }: Html): void {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`
  response.set({ 'Cache-Control': 'no-cache', ETag: etag })
  if (holds(request, etag)) response.status(304).end()
  else response.type('html').send(text)
}

/** In a frame there is nobody who reads JSON. */
const refusalsAsPages: ErrorRequestHandler = (error: unknown, _request, response: Response, next) => {
  if (!(error instanceof Refusal)) {
    next(error)
    return
  }
  const problem = refuse(response, error)
  const comesBackS = problem.status === 503 ? RETURN_S + Math.ceil(Math.random() * RETURN_S) : undefined
  response.type('html').send(problemPage(problem, comesBackS).text)
}
