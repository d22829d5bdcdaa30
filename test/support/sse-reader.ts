import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { Frame } from '../../src/protocol/frames.ts'
import { FrameQueue } from './frame-queue.ts'

/** A reader of server-sent events that parses them like a browser (WHATWG HTML, section 9.2.6). */
export class SseReader extends FrameQueue {
  readonly response: IncomingMessage
  /** The value that a browser would send as Last-Event-ID. */
  lastEventId = ''
  retryMs: number | undefined
  /** The id field of each frame, in order; undefined for a frame without an id. */
  readonly ids: (string | undefined)[] = []
  readonly ended: Promise<unknown>
  #rest = ''

  private constructor(response: IncomingMessage) {
    super('getEvents')
    this.response = response
    response.setEncoding('utf8').on('data', (text: string) => this.#read(text))
    response.on('error', () => undefined)
    this.ended = once(response, 'close')
  }

  /** Settles with status and headers of the answer; a refusal has a status other than 200 and no frames. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<SseReader> {
    const sent = request(url, { headers: { Accept: 'text/event-stream', ...headers }, agent: false })
    sent.on('error', () => undefined)
    sent.end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return new SseReader(response)
  }

  drop(): void {
    this.response.destroy()
  }

  pause(): void {
    this.response.socket.pause()
  }

  resume(): void {
    this.response.socket.resume()
  }

  #read(text: string): void {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop() ?? ''
    for (const block of blocks) this.#dispatch(block)
  }

  #dispatch(block: string): void {
    const data: string[] = []
    let id: string | undefined
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':')
      const name = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (name === 'data') data.push(value)
      else if (name === 'id') this.lastEventId = id = value
      else if (name === 'retry') this.retryMs = Number(value)
    }
    if (data.length === 0) return
    this.ids.push(id)
    this.put(JSON.parse(data.join('\n')) as Frame)
  }
}
