import type { ErrorRequestHandler } from 'express'
import { Problem } from '../../platform/problem.ts'
import type { ByeFrame } from '../../protocol/frames.ts'
import { problems } from '../../protocol/problems.ts'
import { returnAfterMs } from '../admission/return-after-ms.ts'
import { byeText, eventStreamHeaders, wantsEventStream } from './event-stream-headers.ts'

/** Limits of the server (503), and of one address or reader key (429): a later try may succeed. */
const passing: readonly number[] = [429, 503]

/**
 * Sends a reader away whose event stream cannot be served now. A browser closes an EventSource for good at any answer
 * but 200 (HTML, section 9.2.3), so the answer is a stream that ends after its `bye`. All other problems pass.
 */
export const answerUnservedStream: ErrorRequestHandler = (error: unknown, request, response, next) => {
  const isUnserved = error instanceof Problem && passing.includes(problems[error.code].status)
  if (!isUnserved || !wantsEventStream(request)) {
    next(error)
    return
  }
  response.vary('Accept').writeHead(200, eventStreamHeaders)
  response.end(request.method === 'HEAD' ? undefined : byeText(byeFor(error)))
}

function byeFor({ code, extra }: Problem): ByeFrame {
  const retryAfterMs = typeof extra.retryAfterMs === 'number' ? extra.retryAfterMs : returnAfterMs()
  return code === 'draining'
    ? { type: 'bye', reason: 'draining', retryAfterMs }
    : { type: 'bye', reason: 'unavailable', code, retryAfterMs }
}
