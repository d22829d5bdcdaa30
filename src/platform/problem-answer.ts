import { STATUS_CODES, type ServerResponse } from 'node:http'
import { problemBody, type ProblemBody } from '../protocol/problems.ts'
import type { Problem } from './problem.ts'

/** Without another word the client comes back after this. */
const USUAL_RETRY_MS = 1_000

export interface ProblemAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ProblemBody
}

/** The one place where a problem becomes an answer: its status, its headers and its body (RFC 9457). */
export function problemAnswer({ code, extra, headers }: Problem): ProblemAnswer {
  const { status, body } = problemBody(code, extra)
  return {
    status,
    headers: { 'Cache-Control': 'no-store', ...retryAfter(status, extra), ...headers },
    body,
  }
}

/** Ends a response with problem+json. One that has begun already is cut off: its client must not take it for whole. */
export function sendProblem(response: ServerResponse, problem: Problem): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, headers, body } = wholeAnswer(problem)
  response.writeHead(status, headers).end(body)
}

/** A whole HTTP/1.1 answer, for a connection that has no response of its own. The connection ends with it. */
export function problemBytes(problem: Problem): string {
  const { status, headers, body } = wholeAnswer(problem)
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n')
}

function wholeAnswer(problem: Problem): { status: number; headers: Record<string, string>; body: string } {
  const { status, headers, body } = problemAnswer(problem)
  const json = JSON.stringify(body)
  return {
    status,
    headers: {
      ...headers,
      'Content-Type': 'application/problem+json',
      'Content-Length': String(Buffer.byteLength(json)),
    },
    body: json,
  }
}

/** RFC 9110, section 10.2.3: in whole seconds, rounded up. */
function retryAfter(
  status: number,
  { retryAfterMs = USUAL_RETRY_MS }: Problem['extra'],
): Record<string, string> {
  if (status !== 503 && status !== 429) return {}
  return { 'Retry-After': String(Math.ceil(Number(retryAfterMs) / 1_000)) }
}
