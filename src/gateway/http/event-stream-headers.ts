import type { Request } from 'express'
import type { ByeFrame } from '../../protocol/frames.ts'

/** Also for HEAD, which has the headers of GET (RFC 9110, section 9.3.2). */
export const eventStreamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // Tells nginx to pass each write on at once.
  'X-Accel-Buffering': 'no',
  // The gateway writes the body below Node's response, so Node cannot use the connection again.
  Connection: 'close',
}

/** The last frame of a stream. `retry` makes a browser's EventSource wait as long as the frame says. */
export function byeText(bye: ByeFrame): string {
  return `data: ${JSON.stringify(bye)}\n\nretry: ${bye.retryAfterMs}\n\n`
}

/** Whether the reader asks for a stream rather than for a page. */
export function wantsEventStream(request: Request): boolean {
  return request.accepts(['json', 'text/event-stream']) === 'text/event-stream'
}
