import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import { Problem } from '../../platform/problem.ts'
import { filterSchema, type Filter } from '../../protocol/filter.ts'
import { drillQuery } from '../../protocol/reader-queries.ts'
import type { Admission } from '../admission/admission.ts'
import type { OpenFeeds } from '../upstream/open-feeds.ts'
import type { Hub } from '../readers/hub.ts'
import { filterOf, type ReaderPass } from '../partners/reader-pass.ts'
import { keepPrivate } from './keep-private.ts'
import { parseQuery } from './parse-query.ts'

const READ_METHODS = ['GET', 'HEAD']
/** `Cache-Control` comes with polyfills of EventSource and with reloads. */
const ALLOWED_HEADERS = 'Authorization, Cache-Control, If-None-Match, Last-Event-ID'
export const EXPOSED_HEADERS = 'ETag, Retry-After'
export const EXPOSED_TO_PARTNERS = `${EXPOSED_HEADERS}, RateLimit, RateLimit-Policy`
/** The longest time that Chromium keeps the answer to a preflight. */
const PREFLIGHT_MAX_AGE_S = '7200'

/** One reader's request for a feed. */
export interface FeedRequest {
  readonly request: Request
  readonly response: Response
  readonly feed: string
  readonly hub: Hub
  /** The filter of the request, within that of the partner. */
  readonly filter: Filter
  /** The pass of a partner's reader. Its answers are for that reader alone. */
  readonly pass: ReaderPass | undefined
}

/** Passes a request for the feed in `/…/:feed/…` to `answer`, with the feed's hub and the filter. Errors: Problem. */
export function read(feeds: OpenFeeds, answer: (reading: FeedRequest) => unknown): RequestHandler {
  return async (request, response) => {
    const feed = String(request.params.feed)
    const reading = await openFeed(feeds, { request, response, feed, drill: request.query.drill })
    parseQuery(drillQuery, request.query)
    await answer(reading)
  }
}

/**
 * The guard of every feed: each route that shows something of one goes through it. A feed that is for partners, or a
 * drill, is opened only for a request that may have it; for all others there is no such feed. Errors: Problem.
 */
export async function openFeed(
  feeds: OpenFeeds,
  { request, response, feed, drill, query = request.query }: WantedFeed,
): Promise<FeedRequest> {
  const pass = await passOf(feeds, request, response)
  const reader = { takesDrills: drill === '1', pass }
  const hub = feeds.hub(feed, reader)
  if (!hub) throw new Problem(feeds.absence(feed, reader))
  const filter = filterOf(pass, parseQuery(filterSchema, query))
  if (!filter) throw new Problem('filter-refused')
  return { request, response, feed, hub, filter, pass }
}

interface WantedFeed extends Pick<FeedRequest, 'request' | 'response' | 'feed'> {
  /** `1`: a drill is wanted too. */
  readonly drill: unknown
  /** The parameters that name the filter; those of the request if left out. */
  readonly query?: unknown
}

/** The pass of a partner's request, which is counted; undefined without a key or token. Errors: Problem. */
export async function passOf(
  { gate }: OpenFeeds,
  request: Request,
  response: Response,
): Promise<ReaderPass | undefined> {
  const pass = await gate?.passOf(request)
  if (!gate || !pass) return undefined
  keepPrivate(response)
  gate.usage.countRequest(pass.partner.id, request, response)
  await gate.limits.count(pass, request, response)
  return pass
}

/** Lets pages of other sites read if the operator allows their origin, or if they read for a partner. Errors: Problem. */
export function mayRead(admission: Admission): RequestHandler {
  return async (request, response, next) => {
    response.vary('Origin')
    const { origin } = request.headers
    // The header is set for a refusal too, so that the refused page can show the reason.
    if (origin !== undefined) response.set('Access-Control-Allow-Origin', origin)
    const pass = await admission.gate?.passOf(request)
    if (!pass && !admission.mayRead(request)) throw new Problem('origin-refused')
    const exposed = pass ? EXPOSED_TO_PARTNERS : EXPOSED_HEADERS
    if (origin !== undefined) response.set('Access-Control-Expose-Headers', exposed)
    next()
  }
}

/**
 * Answers the question of a browser whether a page of another site may send request headers that resume or revalidate
 * (Fetch, section 3.3.5). A refused origin gets no permission. Errors: Problem.
 */
export function preflight(admission: Admission): RequestHandler {
  return (request, response, next) => {
    if (!isPreflight(request)) {
      next()
      return
    }
    response.vary('Origin')
    permit(admission, request, response)
  }
}

/** Answers `OPTIONS` where Express does not: a preflight, or a question for the methods. Errors: Problem. */
export function answerOptions(
  admission: Admission,
  request: IncomingMessage,
  response: ServerResponse,
  methods: string,
): void {
  if (isPreflight(request)) permit(admission, request, response)
  else {
    response.removeHeader('Vary')
    response.writeHead(200, { Allow: methods, 'Content-Type': 'text/plain; charset=utf-8' }).end(methods)
  }
}

function isPreflight({ headers }: IncomingMessage): boolean {
  const method = headers['access-control-request-method'] ?? ''
  return headers.origin !== undefined && READ_METHODS.includes(method)
}

function permit(admission: Admission, request: IncomingMessage, response: ServerResponse): void {
  const origin = request.headers.origin ?? ''
  // The preflight of a partner's page has no key yet, so it is enough that some partner has the site.
  const mayAsk = admission.mayRead(request) || admission.gate?.knowsOrigin(origin) === true
  if (!mayAsk) throw new Problem('origin-refused')
  response
    .writeHead(204, {
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Methods': READ_METHODS.join(', '),
      'Access-Control-Allow-Headers': ALLOWED_HEADERS,
      'Access-Control-Max-Age': PREFLIGHT_MAX_AGE_S,
    })
    .end()
}

/**
 * Whether the client's cache holds this version (RFC 9110, 13.1.2). Express's `fresh` is always false for a request
 * with `Cache-Control: no-cache`, which fetch adds.
 */
export function holds({ headers }: { readonly headers: IncomingHttpHeaders }, etag: string): boolean {
  const held = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  return held.includes(etag) || held.includes('*')
}
