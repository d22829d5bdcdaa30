import { rateLimit, type Options } from 'express-rate-limit'
import type { RequestHandler, Response } from 'express'
import type { Store } from '../../eventlog/store/store.ts'
import { sharedCounters } from '../../platform/shared-counters.ts'
import { Problem } from '../../platform/problem.ts'

const WINDOW_MS = 60_000
const FAILED_LOGINS_PER_MINUTE = 60
/** Of one address, which may be that of a whole house. */
const STRANGERS_PER_MINUTE = 300

const common: Partial<Options> = {
  windowMs: WINDOW_MS,
  standardHeaders: 'draft-8',
  legacyHeaders: false,
  // Its checks are for those who set it up, and speak to the console when a request looks odd.
  validate: false,
  handler: (_req, _res, next) => next(new Problem('too-many-requests')),
}

export interface RateLimits {
  /** Counts a request of the credential in `res.locals.credential`, over all processes. */
  readonly requests: RequestHandler
  /** Counts an unknown key by address; a known key is never held up by it. */
  readonly failedLogins: RequestHandler
  /** Counts what needs no credential, by address. */
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
      // News goes out even where nobody can count.
      passOnStoreError: true,
    }),
    failedLogins: rateLimit({ ...common, limit: FAILED_LOGINS_PER_MINUTE, identifier: 'failed-logins' }),
    strangers: rateLimit({ ...common, limit: STRANGERS_PER_MINUTE, identifier: 'strangers' }),
  }
}
