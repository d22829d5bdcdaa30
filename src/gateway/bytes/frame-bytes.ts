import { constants, deflateRawSync } from 'node:zlib'
import { eventText } from '../../protocol/reader-frames.ts'

/** The encodings of a frame: WebSocket text, deflated WebSocket text, server-sent event, the same as an HTTP chunk. */
export const wires = ['ws', 'ws-deflate', 'sse', 'sse-chunked'] as const
export type Wire = (typeof wires)[number]

/** The name of the transport in the metrics. */
export const transportOf = {
  ws: 'ws',
  'ws-deflate': 'ws-deflate',
  sse: 'sse',
  'sse-chunked': 'sse',
} as const satisfies Record<Wire, string>

/** The bytes of one frame (JSON), which all readers share. `id`: its position, for server-sent events. */
export function encode(wire: Wire, json: string, id?: string): Buffer {
  switch (wire) {
    case 'ws':
      return wsFrame(FINAL_TEXT, Buffer.from(json))
    case 'ws-deflate':
      return wsFrame(FINAL_TEXT | DEFLATED, deflate(json))
    case 'sse':
      return Buffer.from(eventText(json, id))
    case 'sse-chunked':
      return chunk(eventText(json, id))
  }
}

/** A chunk of an HTTP/1.1 body (RFC 9112, section 7.1). The empty one ends the body. */
export function chunk(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
}

const FINAL_TEXT = 0x81
/** RSV1: a compressed message (RFC 7692, section 6). */
const DEFLATED = 0x40

/** A ping without payload (RFC 6455, section 5.5.2). */
export const WS_PING = Buffer.from([0x89, 0x00])

/** An unmasked frame (RFC 6455, section 5.2). */
function wsFrame(first: number, payload: Buffer): Buffer {
  const { length } = payload
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload])
  const header = Buffer.alloc(length < 65_536 ? 4 : 10)
  header[0] = first
  if (header.length === 4) {
    header[1] = 126
    header.writeUInt16BE(length, 2)
  } else {
    header[1] = 127
    header.writeBigUInt64BE(BigInt(length), 2)
  }
  return Buffer.concat([header, payload])
}

/** Without context takeover no message depends on earlier ones, so all readers share one (RFC 7692, section 7.2.1). */
function deflate(json: string): Buffer {
  const deflated = deflateRawSync(json, { finishFlush: constants.Z_SYNC_FLUSH })
  return deflated.subarray(0, deflated.length - 4)
}
