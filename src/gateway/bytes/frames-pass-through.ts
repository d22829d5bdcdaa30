import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { encode } from './frame-bytes.ts'

/**
 * Whether frames made by us may be written to a socket under ws: ws must put each frame of its own (pong, close) on
 * it whole and at once, or one of ours could land inside. Looked at when a gateway starts, on a connection without
 * a network; where it is not so, ws sends the frames itself.
 */
export function framesPassThrough(server: WebSocketServer): boolean {
  const wire = new Recorder()
  let client: WebSocket | undefined
  server.handleUpgrade(handshake(), wire, Buffer.alloc(0), (opened) => (client = opened))
  if (!client) return false

  wire.forget()
  client.send('abc')
  const asOurs = wire.written().equals(encode('ws', 'abc'))
  wire.forget()
  client.ping()
  const atOnce = wire.written().equals(Buffer.from([0x89, 0x00]))
  client.terminate()
  return asOurs && atOnce
}

function handshake(): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  request.method = 'GET'
  request.headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  }
  return request
}

/** Keeps what is written to it. */
class Recorder extends Duplex {
  #chunks: Buffer[] = []

  forget(): void {
    this.#chunks = []
  }

  written(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  override _read(): void {
    // Nothing ever comes.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk)
    done()
  }
}

/** The other way: hands our unmasked, uncompressed frames to ws one by one. */
export function sendThroughWs(client: WebSocket, bytes: Buffer): void {
  let offset = 0
  while (offset < bytes.length) {
    const short = (bytes[offset + 1] ?? 0) & 0x7f
    const header = short < 126 ? 2 : short === 126 ? 4 : 10
    const length =
      header === 2
        ? short
        : header === 4
          ? bytes.readUInt16BE(offset + 2)
          : Number(bytes.readBigUInt64BE(offset + 2))
    const payload = bytes.subarray(offset + header, offset + header + length)
    if (length === 0) client.ping()
    else client.send(payload, { binary: false })
    offset += header + length
  }
}
