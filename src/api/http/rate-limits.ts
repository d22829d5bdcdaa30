import { rateLimit, type Options } from 'express-rate-limit'
import type { RequestHandler, Response } from 'express'
import type { Store } from '../../eventlog/store/store.ts'
import { sharedCounters } from '../../platform/shared-counters.ts'
import type { Partner } from '../../partners/partner.ts'
import { Problem } from '../../platform/problem.ts'

const WINDOW_MS = 60_000
const FAILED_LOGINS_PER_MINUTE = 60
const UNKNOWN_ROUTES_PER_MINUTE = 600
/** Sign-ins of one address in a minute; a whole office may share one address. */
const STRANGERS_PER_MINUTE = 300

const common: Partial<Options> = {
  windowMs: WINDOW_MS,
  standardHeaders: 'draft-8',
  legacyHeaders: false,
  // The library's own checks write to the console when a request looks wrong.
  validate: false,
  handler: (_req, _res, next) => next(new Problem('too-many-requests')),
}

export interface RateLimits {
  /** Counts a request of the credential in `res.locals.credential`, over all processes. */
  readonly requests: RequestHandler
  /**
   * Counts a request with an unknown key, or from a page of another site, by the client's IP address. This count never
   * limits a known key.
   */
  readonly failedLogins: RequestHandler
  /** Counts a request to an unknown path by the client's IP address. */
  readonly unknownRoutes: RequestHandler
  /** Counts a request of the partner in `res.locals.partner`, over all processes. */
  readonly partners: RequestHandler
  /** Counts a request that needs no credential by its address. */
  readonly strangers: RequestHandler
}

export function createRateLimits(store: Store, requestsPerMinute: number): RateLimits {
  return {
    requests: rateLimit({
      ...common,
      limit: requestsPerMinute,
      identifier: 'requests-per-key',
      keyGenerator: (_req, res) => (res as Response<unknown, { credential: string }>).locals.credential,
      store: sharedCounters(store.redis, store.keys.rateLimits),
      // News goes out even where Redis cannot count.
      passOnStoreError: true,
    }),
    partners: rateLimit({
      ...common,
      limit: (_req, res) => partnerIn(res).settings.limits.requestsPerMinute,
      identifier: 'requests-per-partner',
      keyGenerator: (_req, res) => `partner:${partnerIn(res).id}`,
      store: sharedCounters(store.redis, store.keys.rateLimits),
      passOnStoreError: true,
    }),
    failedLogins: rateLimit({ ...common, limit: FAILED_LOGINS_PER_MINUTE, identifier: 'failed-logins' }),
    unknownRoutes: rateLimit({ ...common, limit: UNKNOWN_ROUTES_PER_MINUTE, identifier: 'unknown-routes' }),
    strangers: rateLimit({ ...common, limit: STRANGERS_PER_MINUTE, identifier: 'strangers' }),
  }
}

function partnerIn(res: object): Partner {
  return (res as Response<unknown, { partner: Partner }>).locals.partner
}
