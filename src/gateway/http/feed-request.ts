import type { Request, RequestHandler, Response } from 'express'
import { Problem } from '../../platform/problem.ts'
import { filterSchema, type Filter } from '../../protocol/filter.ts'
import type { Admission } from '../admission/admission.ts'
import type { OpenFeeds } from '../upstream/open-feeds.ts'
import type { Hub } from '../readers/hub.ts'
import { parseQuery } from './parse-query.ts'

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
    const hub = feeds.hub(feed)
    if (!hub) throw new Problem(feeds.absence(feed))
    const filter = parseQuery(filterSchema, request.query)
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
    next()
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
