import { isUtf8 } from 'node:buffer'
import { inflateRawSync } from 'node:zlib'

/** One frame as a server sends it (RFC 6455, section 5.2). */
export type WsFrame =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'ping' | 'pong'; readonly payload: Buffer }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }

const kinds = new Map<number, WsFrame['kind']>([
  [0x1, 'text'],
  [0x8, 'close'],
  [0x9, 'ping'],
  [0xa, 'pong'],
])

/**
 * A strict parser of a server's bytes that shares no code with the gateway or ws. It accepts only unfragmented,
 * unmasked text messages and control frames. `deflated`: permessage-deflate without context takeover (RFC 7692).
 */
export class WsFrameParser {
  readonly #deflated: boolean
  #bytes = Buffer.alloc(0)

  constructor({ deflated = false } = {}) {
    this.#deflated = deflated
  }

  /** Bytes of an incomplete frame. */
  get pending(): number {
    return this.#bytes.length
  }

  /** The frames that are complete with these bytes. Errors: at the first byte that breaks a rule. */
  push(bytes: Buffer): WsFrame[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    const frames: WsFrame[] = []
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame)
    return frames
  }

  #next(): WsFrame | undefined {
    const bytes = this.#bytes
    if (bytes.length < 2) return undefined
    const [first = 0, second = 0] = bytes
    const kind = kinds.get(first & 0x0f)
    if (!kind) throw new Error(`opcode ${first & 0x0f} is not allowed`)
    if ((first & 0x80) === 0) throw new Error('the message is fragmented')
    if ((first & 0x30) !== 0) throw new Error('a reserved bit is set')
    const compressed = (first & 0x40) !== 0
    if (compressed && !(this.#deflated && kind === 'text'))
      throw new Error('compressed although compression was not negotiated')
    if ((second & 0x80) !== 0) throw new Error('the frame is masked')

    const length = this.#lengthOf(second & 0x7f)
    if (!length) return undefined
    if (kind !== 'text' && length.payload > 125) throw new Error('the control frame has more than 125 bytes')
    const end = length.header + length.payload
    if (bytes.length < end) return undefined
    const payload = bytes.subarray(length.header, end)
    this.#bytes = bytes.subarray(end)
    return read(kind, compressed ? inflate(payload) : payload)
  }

  /** Only the shortest of the three encodings of a length is valid. */
  #lengthOf(short: number): { header: number; payload: number } | undefined {
    const bytes = this.#bytes
    if (short < 126) return { header: 2, payload: short }
    const header = short === 126 ? 4 : 10
    if (bytes.length < header) return undefined
    const payload = short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
    if (payload < (short === 126 ? 126 : 65_536))
      throw new Error('the length is not in its shortest encoding')
    return { header, payload }
  }
}

function read(kind: WsFrame['kind'], payload: Buffer): WsFrame {
  switch (kind) {
    case 'text':
      if (!isUtf8(payload)) throw new Error('the text is not UTF-8')
      return { kind, text: payload.toString() }
    case 'close': {
      if (payload.length === 1) throw new Error('the close code has only one byte')
      const reason = payload.subarray(2)
      if (!isUtf8(reason)) throw new Error('the close reason is not UTF-8')
      return { kind, code: payload.length === 0 ? 1005 : payload.readUInt16BE(0), reason: reason.toString() }
    }
    case 'ping':
    case 'pong':
      return { kind, payload: Buffer.from(payload) }
  }
}

function inflate(payload: Buffer): Buffer {
  return inflateRawSync(Buffer.concat([payload, Buffer.from([0x00, 0x00, 0xff, 0xff])]), {
    finishFlush: 2,
  })
}
