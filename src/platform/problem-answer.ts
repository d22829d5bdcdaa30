import { STATUS_CODES, type ServerResponse } from 'node:http'
import { problemBody, type ProblemBody } from '../protocol/problems.ts'
import type { Problem } from './problem.ts'

/** Time after which a client should try again, for problems that name no time. */
const DEFAULT_RETRY_MS = 1_000

export interface ProblemAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ProblemBody
}

/** Status, headers and body of a problem's answer (RFC 9457). All parts of the service use this function. */
export function problemAnswer({ code, extra, headers }: Problem): ProblemAnswer {
  const { status, body } = problemBody(code, extra)
  return {
    status,
    headers: { 'Cache-Control': 'no-store', ...retryAfter(status, extra), ...headers },
    body,
  }
}

/** Sends problem+json. A response that has begun is destroyed instead: its client then sees that it is incomplete. */
export function sendProblem(response: ServerResponse, problem: Problem): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, headers, body } = completeAnswer(problem)
  response.writeHead(status, headers).end(body)
}

/** A complete HTTP/1.1 answer for a socket that has no response object. The connection closes after it. */
export function problemBytes(problem: Problem): string {
  const { status, headers, body } = completeAnswer(problem)
  const lines = Object.entries({ Connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n')
}

function completeAnswer(problem: Problem): { status: number; headers: Record<string, string>; body: string } {
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

/** RFC 9110, section 10.2.3: whole seconds, rounded up. */
function retryAfter(
  status: number,
  { retryAfterMs = DEFAULT_RETRY_MS }: Problem['extra'],
): Record<string, string> {
  if (status !== 503 && status !== 429) return {}
  return { 'Retry-After': String(Math.ceil(Number(retryAfterMs) / 1_000)) }
}
