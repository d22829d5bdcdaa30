import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { WebSocket, type ClientOptions } from 'ws'
import { answerLog } from './contract/answer-log.ts'
import type { Exchange } from './contract/exchange.ts'
import type { Frame } from '../../src/protocol/frames.ts'
import { FrameQueue } from './frame-queue.ts'

export interface Closed {
  readonly code: number
  readonly reason: string
}

/** A refused handshake. */
export interface Refused {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A WebSocket reader that queues its frames; it uses `ws` in place of a browser. */
export class WsReader extends FrameQueue {
  readonly #url: string
  readonly #options: ClientOptions
  #socket: WebSocket | undefined
  #closed: Promise<Closed> = Promise.resolve({ code: 0, reason: 'never opened' })
  pings = 0

  /** `url` is the URL of the stream, without `after`. */
  constructor(url: string, options: ClientOptions = {}) {
    super('followLive')
    this.#url = url
    this.#options = options
  }

  /** Settles with the open connection. Errors: the answer of a refused handshake (`Refused`). */
  async connect(after?: string): Promise<this> {
    const url = new URL(this.#url)
    if (after !== undefined) url.searchParams.set('after', after)
    const socket = new WebSocket(url, { perMessageDeflate: false, ...this.#options })
    this.#socket = socket
    socket.on('message', (bytes: Buffer) => {
      this.put(JSON.parse(bytes.toString()) as Frame)
    })
    socket.on('ping', () => this.pings++)
    this.#closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() })
      })
    })
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('upgrade', (response: IncomingMessage) => {
        answerLog.took(upgradeOf(url, response, undefined))
      })
      socket.once('unexpected-response', (_request, response: IncomingMessage) => {
        void bodyOf(response).then((body) => {
          answerLog.took(upgradeOf(url, response, body))
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an outcome, not a fault
          reject({ status: response.statusCode ?? 0, headers: response.headers, body } satisfies Refused)
        })
      })
      socket.on('error', reject)
    })
    return this
  }

  /** The negotiated subprotocol and extensions. */
  get extensions(): string {
    return this.#socket?.extensions ?? ''
  }

  /** Settles with the close code when the connection has ended. */
  get closed(): Promise<Closed> {
    return this.#closed
  }

  /** Destroys the connection without a close frame, like a phone that loses its network. */
  drop(): void {
    this.#socket?.terminate()
  }

  async close(): Promise<void> {
    const socket = this.#socket
    if (!socket || socket.readyState === WebSocket.CLOSED) return
    socket.close()
    await once(socket, 'close')
  }

  async returnAfter(position: string = this.position): Promise<this> {
    this.drop()
    await this.#closed
    return this.connect(position)
  }

  /** Stops reading from the network until `resume`. */
  pause(): void {
    this.#socket?.pause()
  }

  resume(): void {
    this.#socket?.resume()
  }

  send(message: string | Buffer): void {
    this.#socket?.send(message)
  }

  ping(): void {
    this.#socket?.ping()
  }
}

/** The handshake as an exchange; the service answers it past its HTTP server. */
function upgradeOf(
  url: URL,
  { statusCode: status = 0, rawHeaders }: IncomingMessage,
  body?: string,
): Exchange {
  const headers = new Map<string, string>()
  for (let index = 0; index < rawHeaders.length; index += 2)
    headers.set(rawHeaders[index]?.toLowerCase() ?? '', rawHeaders[index + 1] ?? '')
  return { method: 'GET', target: `${url.pathname}${url.search}`, requestHeaders: {}, status, headers, body }
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
