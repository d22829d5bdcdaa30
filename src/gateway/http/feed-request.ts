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
const EXPOSED_HEADERS = 'ETag, Retry-After'
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
    const { origin, 'access-control-request-method': method = '' } = request.headers
    if (origin === undefined || !READ_METHODS.includes(method)) {
      next()
      return
    }
    response.vary('Origin')
    if (!admission.mayRead(request)) throw new Problem('origin-refused')
    response
      .status(204)
      .set({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Methods': READ_METHODS.join(', '),
        'Access-Control-Allow-Headers': ALLOWED_HEADERS,
        'Access-Control-Max-Age': PREFLIGHT_MAX_AGE_S,
      })
      .end()
  }
}

/**
 * Whether the client's cache holds this version (RFC 9110, 13.1.2). Express's `fresh` is always false for a request
 * with `Cache-Control: no-cache`, which fetch adds.
 */
export function holds({ headers }: Request, etag: string): boolean {
  const held = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  return held.includes(etag) || held.includes('*')
}
