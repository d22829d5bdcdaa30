import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { encode } from './frame-bytes.ts'

/**
 * Whether the gateway may write frames to the socket of a ws connection itself: ws must write each of its own frames
 * (pong, close) whole and at once, or a frame of the gateway could land inside one. It is tried when a gateway starts,
 * on
 * a connection without a network. If it fails, ws sends all frames.
 */
export function framesPassThrough(server: WebSocketServer): boolean {
  const wire = new Recorder()
  let client: WebSocket | undefined
  server.handleUpgrade(handshake(), wire, Buffer.alloc(0), (opened) => (client = opened))
  if (!client) return false

  wire.forget()
  client.send('abc')
  const isEqual = wire.written().equals(encode('ws', 'abc'))
  wire.forget()
  client.ping()
  const isAtOnce = wire.written().equals(Buffer.from([0x89, 0x00]))
  client.terminate()
  return isEqual && isAtOnce
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

/** Records the bytes that are written to it. */
class Recorder extends Duplex {
  #chunks: Buffer[] = []

  forget(): void {
    this.#chunks = []
  }

  written(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  override _read(): void {
    // The recorder has no bytes to read.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk)
    done()
  }
}

/** The fallback: passes the gateway's unmasked, uncompressed frames to ws one by one. */
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
