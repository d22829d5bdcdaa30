import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { answerLog } from './contract/answer-log.ts'
import { headersIn } from './contract/watch-answers.ts'
import { WsFrameParser, type WsFrame } from './ws-frame-parser.ts'
import { eventually } from './eventually.ts'

const LIMIT_MS = 20_000
/** Enough of a request to tell its method and target. */
const MOST_SENT = 4_096

/** A TCP connection that sends any bytes and keeps the answers. */
export class RawClient {
  readonly socket: Socket
  #received = Buffer.alloc(0)
  #sent = ''
  /** The server has ended its side, or the connection is gone. */
  ended = false

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    this.socket.on('data', (bytes: Buffer) => (this.#received = Buffer.concat([this.#received, bytes])))
    this.socket.on('end', () => (this.ended = true))
    this.socket.on('close', () => {
      this.ended = true
      this.#tellRefusal()
    })
    // A server that refuses may reset the connection while more is being sent.
    this.socket.on('error', () => (this.ended = true))
  }

  /** A refusal that the service wrote to the socket itself; other answers pass its HTTP server. */
  #tellRefusal(): void {
    const [head = '', body = ''] = this.#received.toString().split('\r\n\r\n')
    const headers = headersIn(head)
    if (this.statuses.length !== 1 || headers.get('content-type') !== 'application/problem+json') return
    const [method = '', target = ''] = this.#sent.split(' ')
    answerLog.took({ method, target, requestHeaders: {}, status: this.statuses[0] ?? 0, headers, body })
  }

  send(bytes: string | Buffer): void {
    if (this.#sent === '') this.#sent = bytes.toString().slice(0, MOST_SENT)
    this.socket.write(bytes)
  }

  get received(): Buffer {
    return this.#received
  }

  /** Status codes of the answers so far. */
  get statuses(): number[] {
    return [...this.#received.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, code]) =>
      Number(code),
    )
  }

  /** The status of the first answer, or `closed` when the connection ends without an answer. */
  async answer(limitMs = LIMIT_MS): Promise<number | 'closed'> {
    return eventually('an answer', limitMs, () => this.statuses[0] ?? (this.ended ? 'closed' : undefined))
  }

  async end(limitMs = LIMIT_MS): Promise<void> {
    await eventually('the server ends the connection', limitMs, () => this.ended)
  }

  close(): void {
    this.socket.destroy()
  }
}

/** A WebSocket client that may break every rule. */
export class RawWebSocket extends RawClient {
  readonly #parser = new WsFrameParser()
  #parsed = 0
  readonly #frames: WsFrame[] = []

  /** Settles after the upgrade. */
  static async open(port: number, path: string): Promise<RawWebSocket> {
    const client = new RawWebSocket(port)
    client.send(handshake(path))
    const status = await client.answer()
    if (status !== 101) throw new Error(`no upgrade: ${status}`)
    return client
  }

  /** The server's frames so far. */
  get frames(): readonly WsFrame[] {
    const head = this.received.indexOf('\r\n\r\n')
    if (this.#parsed === 0) this.#parsed = head + 4
    this.#frames.push(...this.#parser.push(this.received.subarray(this.#parsed)))
    this.#parsed = this.received.length
    return this.#frames
  }

  /** The code of the server's close frame. */
  async closeCode(limitMs = LIMIT_MS): Promise<number> {
    const frame = await eventually('a close frame', limitMs, () =>
      this.frames.find((each) => each.kind === 'close'),
    )
    return frame.code
  }
}

/** A valid handshake. Headers in `change` replace those of the same name; an empty one removes the header. */
export function handshake(
  path: string,
  change: Readonly<Record<string, string>> = {},
  method = 'GET',
): string {
  const headers = {
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...change,
  }
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === '' ? [] : [`${name}: ${value}`],
  )
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
}

interface ClientFrame {
  /** FIN, reserved bits and opcode. */
  readonly first: number
  readonly payload?: Buffer
  readonly masked?: boolean
}

/** A client's frame (RFC 6455, section 5.2), valid or not. */
export function clientFrame({ first, payload = Buffer.alloc(0), masked = true }: ClientFrame): Buffer {
  const { length } = payload
  const mask = randomBytes(4)
  const size = length < 126 ? Buffer.from([length]) : Buffer.from([126, length >> 8, length & 0xff])
  if (!masked) return Buffer.concat([Buffer.from([first]), size, payload])
  size[0] = size.readUInt8(0) | 0x80
  const body = Buffer.from(payload.map((byte, index) => byte ^ mask.readUInt8(index % 4)))
  return Buffer.concat([Buffer.from([first]), size, mask, body])
}
