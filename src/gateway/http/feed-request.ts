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

/** Hands on what asks for a feed of `/…/:feed/…` that is here. Errors: Problem. */
export function read(feeds: OpenFeeds, answer: (reading: FeedRequest) => unknown): RequestHandler {
  return async (request, response) => {
    const feed = String(request.params.feed)
    const hub = feeds.hub(feed)
    if (!hub) throw new Problem(feeds.absence(feed))
    const filter = parseQuery(filterSchema, request.query)
    await answer({ request, response, feed, hub, filter })
  }
}

/** Lets pages of other sites read where the operator does. Errors: Problem. */
export function mayRead(admission: Admission): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin')
    const { origin } = request.headers
    // A refusal, too: a page that may not read can say so.
    if (origin !== undefined) response.set('Access-Control-Allow-Origin', origin)
    if (!admission.mayRead(request)) throw new Problem('origin-refused')
    next()
  }
}

/** RFC 9110, section 13.1.2. Express's `fresh` heeds the "no-cache" that fetch adds, which is meant for caches. */
export function holds({ headers }: Request, etag: string): boolean {
  const held = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  return held.includes(etag) || held.includes('*')
}
