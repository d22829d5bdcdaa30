import type { Response } from 'express'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import { problemBody } from '../../protocol/problems.ts'
import { problemOf } from './problem.ts'

/** What a route answers. */
export interface Answer {
  readonly status: number
  /** Sent as JSON; nothing for 204. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Takes the response instead: its answer goes on until somebody ends it. */
  readonly stream?: (res: Response) => void
}

export function sendAnswer(res: Response, { status, body, headers = {}, stream }: Answer): void {
  if (stream) stream(res)
  else send(res, status, headers, 'application/json; charset=utf-8', body)
}

/** Foreseen problems are answers; what is our fault is logged here, once. */
export function sendProblem(res: Response, error: unknown, logger: Logger): void {
  const problem = problemOf(error)
  const requestId = requestIdOf(res)
  const { status, body } = problemBody(problem.code, { ...problem.extra, requestId })
  if (status === 500) logger.error({ event: 'request-failed', requestId, ...faultOf(problem.cause) })
  if (status === 503) logger.warn({ event: problem.code, requestId, error: messageOf(problem.cause) })
  if (res.headersSent) {
    res.destroy()
    return
  }
  send(res, status, problem.headers, 'application/problem+json', body)
}

// Not the error itself: an error of Redis carries its command, and so the text of a line.
function faultOf(error: unknown) {
  return { error: messageOf(error), stack: error instanceof Error ? error.stack : undefined }
}

/** Set on every answer before anything else happens. */
export function requestIdOf(res: Response): string {
  return String(res.getHeader('X-Request-Id'))
}

// Not `res.json`: it would answer 304 by the ETag, which names the version and not the whole record.
function send(
  res: Response,
  status: number,
  headers: Readonly<Record<string, string>>,
  contentType: string,
  body: unknown,
): void {
  res.status(status).set(headers)
  if (body === undefined) {
    res.end()
    return
  }
  const bytes = Buffer.from(JSON.stringify(body))
  res.set('Content-Type', contentType).set('Content-Length', String(bytes.length)).end(bytes)
}
