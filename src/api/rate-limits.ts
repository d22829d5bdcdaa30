import { createHash } from 'node:crypto'
import { rateLimit, type Options } from 'express-rate-limit'
import { RedisStore, type RedisReply } from 'rate-limit-redis'
import type { RequestHandler, Response } from 'express'
import type { EventLog } from '../eventlog/log.ts'
import { Problem } from './problem.ts'

const WINDOW_MS = 60_000
const FAILED_LOGINS_PER_MINUTE = 60

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
}

export function createRateLimits(log: EventLog, requestsPerMinute: number): RateLimits {
  return {
    requests: rateLimit({
      ...common,
      limit: requestsPerMinute,
      identifier: 'requests-per-key',
      keyGenerator: (_req, res) => (res as Response<unknown, { credential: string }>).locals.credential,
      store: new RedisStore({
        prefix: log.keys.rateLimits,
        sendCommand: (...command) => send(log, command),
      }),
      // News goes out even where nobody can count.
      passOnStoreError: true,
    }),
    failedLogins: rateLimit({ ...common, limit: FAILED_LOGINS_PER_MINUTE, identifier: 'failed-logins' }),
  }
}

/**
 * The store loads its scripts once, at the start, and keeps a failure for ever. So a failed load is answered
 * with the script's hash: the store loads again where Redis does not know it.
 */
async function send(log: EventLog, command: readonly string[]): Promise<RedisReply> {
  const [name = '', ...args] = command
  const reply = log.redis.call(name, ...args) as Promise<RedisReply>
  if (name !== 'SCRIPT') return reply
  return reply.catch(() =>
    createHash('sha1')
      .update(args[1] ?? '')
      .digest('hex'),
  )
}
