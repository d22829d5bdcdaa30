import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Request, Response } from 'express'
import { secureHeaders } from '../../platform/secure-headers.ts'

/** A cache may show a withdrawn headline for so long: one second, and two more while it asks for the next version. */
const CACHE_CONTROL = 'public, max-age=1, stale-while-revalidate=2'

/** Headers of every document, names and values in turn. */
export function documentHeaders(licence: string | undefined): string[] {
  return [
    ...['Cache-Control', CACHE_CONTROL],
    ...['Vary', 'Accept-Encoding, Origin'],
    ...(licence === undefined ? [] : ['Link', licenceLink(licence)]),
  ]
}

/** Those headers of an answer for one partner: no cache between may give it to other readers. */
export function privateHeaders(headers: readonly string[]): string[] {
  return headers.map((value, n) => {
    const name = n % 2 === 1 ? headers[n - 1] : undefined
    if (name === 'Cache-Control') return value.replace('public', 'private')
    return name === 'Vary' ? `${value}, Authorization` : value
  })
}

/** RSL 1.0, section 4.5. */
export function licenceLink(licence: string): string {
  return `<${licence}>; rel="license"; type="application/rsl+xml"`
}

/** The headers by which answers to programs forbid things to browsers, read once from the handler that Express has for it. */
export function secureHeaderList(isSecure: boolean): string[] {
  const request = Object.assign(new IncomingMessage(new Socket()), { secure: isSecure })
  const response = new ServerResponse(request)
  const set = secureHeaders({ crossOriginResourcePolicy: { policy: 'cross-origin' } })
  set(request as Request, response as Response, () => undefined)
  return Object.entries(response.getHeaders()).flatMap(([name, value]) => [name, String(value)])
}
