import type { ErrorRequestHandler, Response } from 'express'
import type { z } from 'zod'
import { problemBody, type ProblemBody, type ProblemCode } from '../protocol/problems.ts'

/** Thrown by what finds that the request cannot be served. */
export class Refusal extends Error {
  readonly code: ProblemCode
  readonly extra: Record<string, unknown>

  constructor(code: ProblemCode, extra: Record<string, unknown> = {}) {
    super(code)
    this.code = code
    this.extra = extra
  }
}

/** Errors: Refusal `invalid-query`, which names the parameter. */
export function parsed<T>(schema: z.ZodType<T>, query: unknown): T {
  const read = schema.safeParse(query)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new Refusal('invalid-query', { detail: `${issue?.path.join('.')}: ${issue?.message}` })
}

/** Answers a Refusal as problem+json; everything else is somebody else's. */
export const refusalsAsProblems: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (!(error instanceof Refusal)) {
    next(error)
    return
  }
  const body = refuse(response, error)
  response.type('application/problem+json').send(JSON.stringify(body))
}

/** Sets what every refusal has in its head. Gives the body, to be written in whatever form. */
export function refuse(response: Response, { code, extra }: Refusal): ProblemBody {
  const { status, body } = problemBody(code, extra)
  if (status === 503 || status === 429) {
    const { retryAfterMs = 1_000 } = extra
    response.set('Retry-After', String(Math.ceil(Number(retryAfterMs) / 1_000)))
  }
  response.status(status).set('Cache-Control', 'no-store')
  return body
}
