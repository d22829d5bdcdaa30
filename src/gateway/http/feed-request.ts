import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import { Problem } from '../../platform/problem.ts'
import { filterSchema, type Filter } from '../../protocol/filter.ts'
import { drillQuery } from '../../protocol/reader-queries.ts'
import type { Admission } from '../admission/admission.ts'
import type { OpenFeeds } from '../upstream/open-feeds.ts'
import type { Hub } from '../readers/hub.ts'
import { parseQuery } from './parse-query.ts'

const READ_METHODS = ['GET', 'HEAD']
/** `Cache-Control` comes with polyfills of EventSource and with reloads. */
const ALLOWED_HEADERS = 'Cache-Control, If-None-Match, Last-Event-ID'
export const EXPOSED_HEADERS = 'ETag, Retry-After'
/** The longest time that Chromium keeps the answer to a preflight. */
const PREFLIGHT_MAX_AGE_S = '7200'

/** One reader's request for a feed. */
export interface FeedRequest {
  readonly request: Request
  readonly response: Response
  readonly feed: string
  readonly hub: Hub
  readonly filter: Filter
}

/** Passes a request for the feed in `/…/:feed/…` to `answer`, with the feed's hub and the filter. Errors: Problem. */
export function read(feeds: OpenFeeds, answer: (reading: FeedRequest) => unknown): RequestHandler {
  return async (request, response) => {
    const feed = String(request.params.feed)
    const takesDrills = request.query.drill === '1'
    const hub = feeds.hub(feed, takesDrills)
    if (!hub) throw new Problem(feeds.absence(feed, takesDrills))
    const filter = parseQuery(filterSchema, request.query)
    parseQuery(drillQuery, request.query)
    await answer({ request, response, feed, hub, filter })
  }
}

/** Lets pages of other sites read if the operator allows their origin. Errors: Problem. */
export function mayRead(admission: Admission): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin')
    const { origin } = request.headers
    // The header is set for a refusal too, so that the refused page can show the reason.
    if (origin !== undefined) response.set('Access-Control-Allow-Origin', origin)
    if (!admission.mayRead(request)) throw new Problem('origin-refused')
    if (origin !== undefined) response.set('Access-Control-Expose-Headers', EXPOSED_HEADERS)
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
  if (!admission.mayRead(request)) throw new Problem('origin-refused')
  response
    .writeHead(204, {
      'Access-Control-Allow-Origin': request.headers.origin ?? '',
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
