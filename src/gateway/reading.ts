import type { Request, RequestHandler, Response } from 'express'
import { filterSchema, type Filter } from '../protocol/filter.ts'
import type { Admission } from './admission.ts'
import type { Feeds } from './feeds.ts'
import type { Hub } from './hub.ts'
import { parsed, Refusal } from './refusal.ts'

/** One reader's request for a feed. */
export interface Reading {
  readonly request: Request
  readonly response: Response
  readonly feed: string
  readonly hub: Hub
  readonly filter: Filter
}

/** Hands on what asks for a feed of `/…/:feed/…` that is here. Errors: Refusal. */
export function read(feeds: Feeds, answer: (reading: Reading) => unknown): RequestHandler {
  return async (request, response) => {
    const feed = String(request.params.feed)
    const hub = feeds.hub(feed)
    if (!hub) throw new Refusal(feeds.absence(feed))
    const filter = parsed(filterSchema, request.query)
    await answer({ request, response, feed, hub, filter })
  }
}

/** Lets pages of other sites read where the operator does. Errors: Refusal. */
export function mayRead(admission: Admission): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin')
    const { origin } = request.headers
    // A refusal, too: a page that may not read can say so.
    if (origin !== undefined) response.set('Access-Control-Allow-Origin', origin)
    if (!admission.mayRead(request)) throw new Refusal('origin-refused')
    next()
  }
}

/** RFC 9110, section 13.1.2. Express's `fresh` heeds the "no-cache" that fetch adds, which is meant for caches. */
export function holds({ headers }: Request, etag: string): boolean {
  const held = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  return held.includes(etag) || held.includes('*')
}
