import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { answerLog } from './contract/answer-log.ts'
import { eventually } from './eventually.ts'
import type { Cleared } from './receipt.ts'

const LIMIT_MS = 20_000

export interface DeskFrame {
  readonly type: string
  readonly reason?: string
  readonly after?: number
  readonly n?: number
  readonly position?: string
  readonly written?: number
  readonly overdueMs?: number
  readonly cleared?: Cleared
  readonly entry?: { readonly n: number; readonly action: string }
}

interface DeskReaderOptions {
  readonly after?: number | string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Record<string, string>
}

/** A listener of the desk stream that keeps all entries. */
export class DeskReader {
  readonly response: IncomingMessage
  readonly frames: DeskFrame[] = []
  /** The value that a browser would send as Last-Event-ID. */
  lastEventId = ''
  ended = false
  #rest = ''

  private constructor(response: IncomingMessage) {
    this.response = response
    response.setEncoding('utf8').on('data', (text: string) => {
      this.#read(text)
    })
    response.on('error', () => undefined).once('close', () => (this.ended = true))
  }

  static async open(
    url: string,
    key: string,
    { after, query = {}, headers = {} }: DeskReaderOptions = {},
  ): Promise<DeskReader> {
    const search = new URLSearchParams({ ...query, ...(after !== undefined && { after: String(after) }) })
    const sent = request(`${url}?${search.toString()}`, {
      headers: { Accept: 'text/event-stream', Authorization: `Bearer ${key}`, ...headers },
      agent: false,
    })
    sent.on('error', () => undefined).end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return new DeskReader(response)
  }

  /** Numbers of the received entries. */
  get entries(): number[] {
    return this.frames.flatMap(({ entry }) => (entry ? [entry.n] : []))
  }

  first(type: string): Promise<DeskFrame> {
    return eventually(`a ${type}`, LIMIT_MS, () => this.frames.find((frame) => frame.type === type))
  }

  async has(entries: number): Promise<void> {
    await eventually(`${entries} entries`, LIMIT_MS, () => this.entries.length >= entries)
  }

  async end(): Promise<void> {
    await eventually('the end of the stream', LIMIT_MS, () => this.ended)
  }

  drop(): void {
    this.response.destroy()
  }

  #read(text: string): void {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const read = /^(?:id: (?<id>\d+)\n)?data: (?<json>.*)$/.exec(block)?.groups
      this.lastEventId = read?.id ?? this.lastEventId
      const frame = JSON.parse(read?.json ?? '') as DeskFrame
      answerLog.tookMessage('followDesk', frame)
      this.frames.push(frame)
    }
  }
}
