import type { Request, Response } from 'express'
import type { ByeFrame } from '../../protocol/frames.ts'
import type { Filter } from '../../protocol/filter.ts'
import type { MarkedPosition } from '../../protocol/position.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { Slot } from '../admission/admission.ts'
import type { SocketWriter } from '../bytes/socket-writer.ts'
import type { Hub } from '../readers/hub.ts'
import type { ReaderConnection } from '../readers/reader-session.ts'
import { encode } from '../bytes/frame-bytes.ts'

/** Also for HEAD, which has the headers of GET (RFC 9110, section 9.3.2). */
export const eventStreamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // Tells nginx to pass each write on at once.
  'X-Accel-Buffering': 'no',
  // The stream has no chunk sizes, so that readers share its bytes; it ends with the connection.
  Connection: 'close',
}

/** Opens a stream of server-sent events (WHATWG HTML, section 9.2), a reader session as over WebSocket. */
export function openEventStream(
  request: Request,
  response: Response,
  reader: {
    hub: Hub
    filter: Filter
    after: MarkedPosition | undefined
    takesParts: boolean
    slot: Slot
    writer: SocketWriter
    metrics: Metrics
  },
): void {
  const { hub, filter, after, takesParts, slot, writer, metrics } = reader
  const { socket } = request
  if (response.socket !== socket || socket.destroyed) {
    // Behind a pipelined answer, the stream's bytes would land inside that answer. A socket that is closed already
    // would
    // emit no `close` to free the slot.
    slot.free()
    socket.destroy()
    return
  }
  response.removeHeader('Transfer-Encoding')
  response.writeHead(200, eventStreamHeaders)
  response.flushHeaders()
  socket.setNoDelay(true)
  // The hub closes slow readers. The server's timeout does not see direct writes, so it would close busy streams.
  socket.setTimeout(0)

  let sentAway = false
  const connection: ReaderConnection = {
    wire: 'sse',
    takesParts,
    write: (bytes) => writer.write(socket, bytes),
    isOpen: () => socket.writable,
    answersPings: () => true,
    end(reason, retryAfterMs) {
      if (!socket.writable) {
        // The reader has half closed the connection and reads no more, so waiting bytes would stay for ever.
        if (!sentAway) socket.destroy()
        return
      }
      sentAway = true
      const bye: ByeFrame = { type: 'bye', reason, retryAfterMs }
      metrics.sessionsClosed.inc({ reason })
      socket.end(
        Buffer.concat([encode('sse', JSON.stringify(bye)), Buffer.from(`retry: ${retryAfterMs}\n\n`)]),
      )
      // If the reader reads no more, the remaining bytes would keep the connection open for ever.
      setTimeout(() => {
        socket.destroy()
      }, 2_000).unref()
    },
  }

  socket.on('drain', () => {
    hub.drained(session)
  })
  socket.once('close', () => {
    hub.leave(session)
    slot.free()
  })
  const session = hub.join(connection, filter, after)
}
