import { Router, type ErrorRequestHandler, type Request, type Response } from 'express'
import { exactPaths } from '../../platform/create-app.ts'
import { problemAnswer } from '../../platform/problem-answer.ts'
import { Problem } from '../../platform/problem.ts'
import type { FeedTitle } from '../../protocol/feed.ts'
import { expressPath } from '../../protocol/operation.ts'
import { drillQuery, embedQuery, fragmentQuery, oembedQuery } from '../../protocol/reader-queries.ts'
import { readerRoutes } from '../../protocol/reader-routes.ts'
import type { Admission } from '../admission/admission.ts'
import type { OpenFeeds } from '../upstream/open-feeds.ts'
import type { ReaderPass } from '../partners/reader-pass.ts'
import { pagePolicy } from '../pages/page-policy.ts'
import { answerProblem } from '../http/answer-problem.ts'
import { mayRead, openFeed, preflight, read, type FeedRequest } from '../http/feed-request.ts'
import { parseQuery } from '../http/parse-query.ts'
import { embedFiles } from './embed-files.ts'
import { frameAncestors } from './frame-ancestors.ts'
import { framePage, problemPage } from './frame-page.ts'
import { drillHtml } from './drill-html.ts'
import { attributes, html, type Html } from './html.ts'
import { linesHtml } from './lines-html.ts'
import { describeFrame, frameAt } from './oembed.ts'
import { ownOrigin } from './own-origin.ts'
import { sendHtml } from './send-html.ts'

export interface EmbedDeps {
  readonly feeds: OpenFeeds
  readonly admission: Admission
  readonly allowedOrigins: readonly string[]
}

/** A frame that could not be served reloads after one to two times this, at random, so that not all reload at once. */
const RELOAD_S = 5

/** Routes of what other sites embed: the frame, its oEmbed description, the HTML fragment, and the builder page. */
export function embedRoutes({ feeds, admission, allowedOrigins }: EmbedDeps): Router {
  // Each route has its own handlers: one for the whole router costs every other request a turn of the event loop.
  const router = Router(exactPaths)
  const framed = pagePolicy({ frameAncestors: frameAncestors(allowedOrigins) })
  const bare = pagePolicy({ isCrossOrigin: true })
  router.use(embedFiles())
  router.get(expressPath(readerRoutes.frame.path), framed, read(feeds, withSide), problemAsPage)
  router.get(readerRoutes.oembed.path, bare, mayRead(admission), describe, answerProblem)
  router.options(expressPath(readerRoutes.fragment.path), bare, preflight(admission), answerProblem)
  router.get(
    expressPath(readerRoutes.fragment.path),
    bare,
    mayRead(admission),
    read(feeds, fragment),
    answerProblem,
  )

  function withSide(reading: FeedRequest): void {
    frame(reading, feeds.isForPartners(reading.feed))
  }

  async function describe(request: Request, response: Response): Promise<void> {
    const { url, format, drill, ...bounds } = parseQuery(oembedQuery.extend(drillQuery.shape), request.query)
    if (format !== 'json') throw new Problem('format-not-served')
    const origin = ownOrigin(request)
    if (origin === undefined) throw new Problem('malformed-request')
    const described = frameAt(url, origin)
    if (!described) throw new Problem('not-embeddable')
    const { feed, query } = described
    const { hub } = await openFeed(feeds, { request, response, feed, drill: drill ?? query.drill, query })
    response.set('Cache-Control', 'no-cache').json(describeFrame(origin, hub.title, query, bounds))
  }

  return router
}

function frame({ request, response, hub, filter, pass }: FeedRequest, isForPartners: boolean): void {
  const settings = {
    ...parseQuery(embedQuery, request.query),
    section: filter.section?.join(),
    region: filter.region?.join(),
    urgency: filter.urgency,
  }
  const lines = hub.view(filter).strip()
  const { title, presentation: own } = hub
  if (pass) setAncestors(response, pass)
  sendHtml(
    request,
    response,
    framePage({ title, lines, own, settings, origin: ownOrigin(request), now: hub.now(), isForPartners }),
  )
}

/** The sites that may show the frame are those of the partner, or the one site of the token. */
function setAncestors(response: Response, { partner, token }: ReaderPass): void {
  const sites = token?.origin === undefined ? partner.origins : [token.origin]
  const policy = String(response.getHeader('Content-Security-Policy'))
  const ancestors = ["frame-ancestors 'self'", ...sites].join(' ')
  response.set('Content-Security-Policy', policy.replace(/frame-ancestors [^;]*/, ancestors))
}

function fragment({ request, response, hub, filter }: FeedRequest): void {
  const { max } = parseQuery(fragmentQuery, request.query)
  const lines = hub.view(filter).strip().slice(0, max)
  const { title, presentation: own } = hub
  sendHtml(
    request,
    response,
    section(title, linesHtml(title, lines, { own, now: hub.now() }), hub.feedState()),
  )
}

function section(
  title: FeedTitle,
  lines: Html,
  { stale, frozen }: { stale?: boolean; frozen?: boolean },
): Html {
  const feedState = {
    'data-stale': stale ? 'true' : undefined,
    'data-frozen': frozen ? 'true' : undefined,
    'data-drill': title.drill ? 'true' : undefined,
  }
  return html`<section
    class="flashline"
    ${attributes({ lang: title.lang, dir: title.dir, 'aria-label': title.title, 'data-feed': title.id, ...feedState })}
  >
    ${title.drill && drillHtml(title.lang)} ${lines}
  </section> `
}

/** Answers a problem as a page, since a frame shows its answer to a person. */
const problemAsPage: ErrorRequestHandler = (error: unknown, _request, response: Response, next) => {
  if (!(error instanceof Problem)) {
    next(error)
    return
  }
  const { status, headers, body } = problemAnswer(error)
  const reloadS = status === 503 ? RELOAD_S + Math.ceil(Math.random() * RELOAD_S) : undefined
  response.status(status).set(headers).type('html').send(problemPage(body, reloadS).text)
}
