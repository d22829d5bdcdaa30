import type { Request, Response } from 'express'
import type { Filter } from '../../protocol/filter.ts'
import type { MarkedPosition } from '../../protocol/position.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { Slot } from '../admission/admission.ts'
import type { SocketWriter } from '../bytes/socket-writer.ts'
import type { Hub } from '../readers/hub.ts'
import type { ReaderConnection } from '../readers/reader-session.ts'
import { chunk } from '../bytes/frame-bytes.ts'
import { returnAfterMs } from '../admission/return-after-ms.ts'
import type { ReaderGate } from '../partners/reader-gate.ts'
import { enterStream } from '../partners/enter-stream.ts'
import type { ReaderPass } from '../partners/reader-pass.ts'
import { byeText, eventStreamHeaders } from './event-stream-headers.ts'

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
    pass: ReaderPass | undefined
    gate: ReaderGate | undefined
  },
): void {
  const { hub, filter, after, takesParts, slot, writer, metrics, pass, gate } = reader
  const { socket } = request
  if (response.socket !== socket || socket.destroyed) {
    // Behind a pipelined answer, the stream's bytes would land inside that answer. A socket that is closed already
    // would
    // emit no `close` to free the slot.
    slot.free()
    socket.destroy()
    return
  }
  const counted = enterStream(gate, pass, hub.feed, socket, () => {
    connection.end('revoked', returnAfterMs())
  })
  response.writeHead(200, eventStreamHeaders)
  response.flushHeaders()
  // Not for HTTP/1.0, where the body ends with the connection (RFC 9112, section 6.3).
  const isChunked = response.chunkedEncoding
  socket.setNoDelay(true)
  // The hub closes slow readers. The server's timeout does not see direct writes, so it would close busy streams.
  socket.setTimeout(0)

  let sentAway = false
  const connection: ReaderConnection = {
    wire: isChunked ? 'sse-chunked' : 'sse',
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
      metrics.sessionsClosed.inc({ reason })
      const bye = byeText({ type: 'bye', reason, retryAfterMs })
      socket.end(isChunked ? Buffer.concat([chunk(bye), chunk('')]) : bye)
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
    counted?.leave()
  })
  const session = hub.join(connection, filter, after, false, counted?.meter)
}
