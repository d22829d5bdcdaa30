import type { RequestHandler } from 'express'
import helmet, { type HelmetOptions } from 'helmet'

/** Helmet's headers. `Strict-Transport-Security` comes over https only: RFC 6797, section 7.2, forbids it over http. */
export function secureHeaders(options: HelmetOptions = {}): RequestHandler {
  const overHttps = helmet(options)
  const overHttp = helmet({ ...options, strictTransportSecurity: false } as HelmetOptions)
  return (request, response, next) => {
    // As far as TRUST_PROXY says, Express believes the proxy's X-Forwarded-Proto.
    const set = request.secure ? overHttps : overHttp
    set(request, response, next)
  }
}
