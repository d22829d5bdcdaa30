import type { RequestHandler } from 'express'
import helmet, { type HelmetOptions } from 'helmet'

/**
 * The policy of answers that are no pages. Helmet's own is for a page of a site over https: it has
 * `upgrade-insecure-requests`, which fails over plain http.
 */
const answerPolicy = {
  useDefaults: false,
  directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
}

/** Helmet's headers. `Strict-Transport-Security` comes over https only: RFC 6797, section 7.2, forbids it over http. */
export function secureHeaders(options: HelmetOptions = {}): RequestHandler {
  const overHttps = helmet({ contentSecurityPolicy: answerPolicy, ...options })
  const overHttp = helmet({
    contentSecurityPolicy: answerPolicy,
    ...options,
    strictTransportSecurity: false,
  } as HelmetOptions)
  return (request, response, next) => {
    // As far as TRUST_PROXY says, Express believes the proxy's X-Forwarded-Proto.
    const set = request.secure ? overHttps : overHttp
    set(request, response, next)
  }
}
