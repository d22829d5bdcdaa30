import type { ErrorRequestHandler } from 'express'
import { Problem } from '../../platform/problem.ts'
import type { ByeFrame } from '../../protocol/frames.ts'
import { problems } from '../../protocol/problems.ts'
import { returnAfterMs } from '../admission/return-after-ms.ts'
import { byeText, eventStreamHeaders, wantsEventStream } from './event-stream-headers.ts'

/**
 * Sends a reader away whose event stream cannot be served now. A browser closes an EventSource for good at any answer
 * but 200 (HTML, section 9.2.3), so the answer is a stream that ends after its `bye`. All other problems pass.
 */
export const answerUnservedStream: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (!(error instanceof Problem) || problems[error.code].status !== 503 || !wantsEventStream(request)) {
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
