import type { Request, Response } from 'express'
import type { ByeFrame } from '../../protocol/frames.ts'
import type { Filter } from '../../protocol/filter.ts'
import type { Position } from '../../protocol/position.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { Slot } from '../admission/admission.ts'
import type { SocketWriter } from '../bytes/socket-writer.ts'
import type { Hub } from '../readers/hub.ts'
import type { ReaderConnection } from '../readers/reader-session.ts'
import { encode } from '../bytes/frame-bytes.ts'

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // nginx passes each write on at once.
  'X-Accel-Buffering': 'no',
  // The stream ends with its connection: no chunk sizes, so that its bytes are the same for every reader.
  Connection: 'close',
}

/** A stream of server-sent events (WHATWG HTML, section 9.2) on the same engine as the WebSockets. */
export function openEventStream(
  request: Request,
  response: Response,
  reader: {
    hub: Hub
    filter: Filter
    after: Position | undefined
    slot: Slot
    writer: SocketWriter
    metrics: Metrics
  },
): void {
  const { hub, filter, after, slot, writer, metrics } = reader
  const { socket } = request
  if (response.socket !== socket || socket.destroyed) {
    // Pipelined behind another answer, the bytes of this stream would land in the middle of that one. Of a reader that
    // has gone already, no close would be told.
    slot.free()
    socket.destroy()
    return
  }
  response.removeHeader('Transfer-Encoding')
  response.writeHead(200, headers)
  response.flushHeaders()
  socket.setNoDelay(true)
  // The hub looks after slow readers, and the server's limit does not see what goes past the stream.
  socket.setTimeout(0)

  let sentAway = false
  const connection: ReaderConnection = {
    wire: 'sse',
    write: (bytes) => writer.write(socket, bytes),
    isOpen: () => socket.writable,
    answersPings: () => true,
    end(reason, retryAfterMs) {
      if (!socket.writable) {
        // Half closed by a reader that takes nothing: what waits would never leave.
        if (!sentAway) socket.destroy()
        return
      }
      sentAway = true
      const bye: ByeFrame = { type: 'bye', reason, retryAfterMs }
      metrics.sessionsClosed.inc({ reason })
      socket.end(
        Buffer.concat([encode('sse', JSON.stringify(bye)), Buffer.from(`retry: ${retryAfterMs}\n\n`)]),
      )
      // A reader that takes nothing would keep the rest for ever.
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
