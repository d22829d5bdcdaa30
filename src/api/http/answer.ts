import type { Response } from 'express'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import { sendProblem } from '../../platform/problem-answer.ts'
import { Problem } from '../../platform/problem.ts'
import { problems } from '../../protocol/problems.ts'
import { problemOf } from './problem-of.ts'

/** The answer of a route. */
export interface Answer {
  readonly status: number
  /** Sent as JSON; absent for 204. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Takes over the response in place of `body`, for an answer that stays open. */
  readonly stream?: (res: Response) => void
}

export function sendAnswer(res: Response, { status, body, headers = {}, stream }: Answer): void {
  if (stream) {
    stream(res)
    return
  }
  res.status(status).set(headers)
  if (body === undefined) {
    res.end()
    return
  }
  // Not `res.json`: it would answer 304 by the ETag, which names the version and not the whole record.
  const bytes = Buffer.from(JSON.stringify(body))
  res
    .set('Content-Type', 'application/json; charset=utf-8')
    .set('Content-Length', String(bytes.length))
    .end(bytes)
}

/** Answers an error with its problem. A fault of the service is logged here, once. */
export function sendError(res: Response, error: unknown, logger: Logger): void {
  const { code, extra, headers, cause } = problemOf(error)
  const requestId = requestIdOf(res)
  const { status } = problems[code]
  if (status === 500) logger.error({ event: 'request-failed', requestId, ...faultOf(cause) })
  if (status === 503) logger.warn({ event: code, requestId, error: messageOf(cause) })
  sendProblem(res, new Problem(code, { extra: { ...extra, requestId }, headers }))
}

// Only the message: an error of Redis carries its command, and with it the text of a headline.
function faultOf(error: unknown) {
  return { error: messageOf(error), stack: error instanceof Error ? error.stack : undefined }
}

/** The id that every answer carries in `X-Request-Id`. */
export function requestIdOf(res: Response): string {
  return String(res.getHeader('X-Request-Id'))
}
