/** Bytes of one frame (JSON) as each kind of connection takes them. Made once, shared by every reader. */
export type Wire = 'ws' | 'sse'

/** An unmasked, final text frame (RFC 6455, section 5.2). */
export function wsText(json: string): Buffer {
  const length = Buffer.byteLength(json)
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(header + length)
  frame[0] = 0x81
  if (header === 2) frame[1] = length
  else if (header === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(json, header)
  return frame
}

/** A ping without payload (RFC 6455, section 5.5.2). */
export const WS_PING = Buffer.from([0x89, 0x00])

/** A server-sent event (WHATWG HTML, section 9.2). Frames without a place in the log carry no id. */
export function sseEvent(json: string, id?: string): Buffer {
  return Buffer.from(`${id === undefined ? '' : `id: ${id}\n`}data: ${json}\n\n`)
}

export function encode(wire: Wire, json: string, id?: string): Buffer {
  return wire === 'ws' ? wsText(json) : sseEvent(json, id)
}
