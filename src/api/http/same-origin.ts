import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from '../../platform/problem.ts'
import { parseUrl } from '../../protocol/parse-url.ts'

interface OriginRequest {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** The request came over https. */
  readonly secure: boolean
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A browser sends the cookie with requests of any page, so a request that changes something must come from a page of
 * this server: the browser's headers must say so, and the page must know the session's token. Errors: Problem.
 */
export function requireOwnPage(request: OriginRequest, csrfToken: string): void {
  const { method, headers } = request
  if (SAFE.has(method)) return
  if (originOf(request) !== 'own' || !isEqual(headers['x-csrf-token'], csrfToken))
    throw new Problem('csrf-refused')
}

/** For a route without a session: pages of other sites may not call it; programs without an Origin may. */
export function refuseOtherSites(request: OriginRequest): void {
  if (!SAFE.has(request.method) && originOf(request) === 'other') throw new Problem('csrf-refused')
}

/** All headers that the browser sends must agree. */
function originOf({ headers, secure }: OriginRequest): 'own' | 'other' | 'unknown' {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined && site === undefined) return 'unknown'
  const ownOrigin = origin === undefined || isOwn(origin, host, secure)
  const ownSite = site === undefined || site === 'same-origin'
  return ownOrigin && ownSite ? 'own' : 'other'
}

/** A page that came over plain http may have been changed on the way. */
function isOwn(origin: string, host: string | undefined, secure: boolean): boolean {
  const page = parseUrl(origin)
  return page !== undefined && page.host === host && (page.protocol === 'https:' || !secure)
}

function isEqual(given: string | string[] | undefined, wanted: string): boolean {
  if (typeof given !== 'string') return false
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
