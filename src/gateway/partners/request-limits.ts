import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import { MemoryStore, rateLimit } from 'express-rate-limit'
import { Problem } from '../../platform/problem.ts'
import type { ReaderPass } from './reader-pass.ts'

const WINDOW_MS = 60_000

/** Limits the requests of each partner in this process, in memory: no reader waits for Redis. */
export class RequestLimits {
  readonly #counts = new MemoryStore()
  readonly #counting: RequestHandler

  constructor() {
    this.#counting = rateLimit({
      windowMs: WINDOW_MS,
      limit: (_request, response) => passIn(response).partner.limits.requestsPerMinute,
      identifier: 'requests-per-partner',
      keyGenerator: (_request, response) => passIn(response).partner.id,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      // The library's own checks write to the console when a request looks wrong.
      validate: false,
      store: this.#counts,
      handler: (request, _response, next) => next(tooMany(resetOf(request))),
    })
  }

  /** Counts a request of a partner, and tells its limit in the answer's headers. Errors: Problem. */
  async count(pass: ReaderPass, request: Request, response: Response): Promise<void> {
    ;(response.locals as Locals).pass = pass
    await new Promise<void>((resolve, reject) => {
      const next = (error?: unknown) => {
        if (error === undefined) resolve()
        else reject(error instanceof Error ? error : new Error('refused', { cause: error }))
      }
      void Promise.resolve(this.#counting(request, response, next)).catch(next)
    })
  }

  /** The same for a request that Express does not see. Errors: Problem. */
  countPlain(pass: ReaderPass, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The library uses these two of what Express adds.
    const added = { locals: {}, append: response.appendHeader.bind(response) }
    return this.count(pass, request as Request, Object.assign(response, added) as unknown as Response)
  }

  /** Counts a handshake, which has no answer with headers. Errors: Problem. */
  async countHandshake({ partner }: ReaderPass): Promise<void> {
    const { totalHits, resetTime } = await this.#counts.increment(partner.id)
    if (totalHits > partner.limits.requestsPerMinute) throw tooMany(resetTime)
  }

  close(): void {
    this.#counts.shutdown()
  }
}

interface Locals {
  pass?: ReaderPass
}

function passIn(response: Response): ReaderPass {
  const { pass } = response.locals as Locals
  if (!pass) throw new Error('a request without a pass has no limit')
  return pass
}

function resetOf(request: Request): Date | undefined {
  return (request as Request & { rateLimit?: { resetTime?: Date } }).rateLimit?.resetTime
}

function tooMany(resetTime: Date | undefined): Problem {
  const restMs = (resetTime?.getTime() ?? 0) - Date.now()
  return new Problem('too-many-requests', { extra: { retryAfterMs: Math.max(restMs, 1_000) } })
}
