import { get, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket, type RawData } from 'ws'
import { answerLog } from './contract/answer-log.ts'
import type { Channel } from './contract/contract-checker.ts'
import { fold, stripOf, type Strip } from '../../src/protocol/fold.ts'
import type { ByeFrame, EventFrame, Frame, Page, ResetFrame } from '../../src/protocol/frames.ts'

/** A frame that a reader received. `at` is performance.now(). */
export type Step = { readonly at: number } & (
  | { readonly kind: 'reset'; readonly frame: ResetFrame }
  | { readonly kind: 'event'; readonly frame: EventFrame }
)

interface Address {
  readonly url: string
}

const BACK_OFF_MS = 100
const BACK_OFF_CAP_MS = 1_000
const POLL_WAIT_S = 2

/** Reads the feed `en`, resumes from its own position after each disconnection, and records all frames. */
export abstract class Reader {
  readonly name: string
  readonly steps: Step[] = []
  readonly byes: ByeFrame[] = []
  readonly closeCodes: number[] = []
  /** Positions from the server that contradict the reader's own position. */
  readonly contradictions: string[] = []
  /** Number of connections that ended or failed. */
  disconnects = 0
  position: string | undefined
  strip: Strip = new Map()
  readonly #gateways: readonly Address[]
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>

  /** The reader begins at the first gateway and goes to the next one after each disconnection. */
  constructor(name: string, gateways: readonly Address[]) {
    this.name = name
    this.#gateways = gateways
    // Runs after the constructor of the subclass.
    this.#running = Promise.resolve().then(() => this.#run(this.#stopping.signal))
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  /** Runs one connection or failed try. Settles when it is over, never with an error. */
  protected abstract listen(url: string, signal: AbortSignal): Promise<void>

  /** Takes a frame of a stream. */
  protected hear(channel: Channel, frame: Frame): void {
    answerLog.tookMessage(channel, frame)
    this.take(frame)
  }

  protected take(frame: Frame): void {
    const at = performance.now()
    switch (frame.type) {
      case 'reset':
        this.steps.push({ kind: 'reset', frame, at })
        this.strip = stripOf(frame.strip)
        this.position = frame.position
        return
      case 'event':
        this.steps.push({ kind: 'event', frame, at })
        this.strip = fold(this.strip, frame)
        this.position = frame.position
        return
      case 'head':
        if (frame.position !== this.position)
          this.contradictions.push(`head ${frame.position} received at ${this.position}`)
        return
      case 'bye':
        this.byes.push(frame)
        return
      default:
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const stopped = () => signal.aborted
    let fruitless = 0
    for (let turn = 0; !stopped(); turn++) {
      const [steps, byes] = [this.steps.length, this.byes.length]
      await this.listen(this.#gateways[turn % this.#gateways.length]?.url ?? '', signal)
      if (stopped()) return
      this.disconnects++
      fruitless = this.steps.length > steps ? 0 : fruitless + 1
      const usual = Math.min(BACK_OFF_MS * 2 ** fruitless, BACK_OFF_CAP_MS) * (0.5 + Math.random() / 2)
      const waitMs = this.byes.length > byes ? (this.byes.at(-1)?.retryAfterMs ?? usual) : usual
      await pause(waitMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

export class WebSocketReader extends Reader {
  protected async listen(url: string, signal: AbortSignal): Promise<void> {
    const query = this.position === undefined ? '' : `?after=${this.position}`
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/feeds/en/live${query}`)
    const end = () => socket.terminate()
    signal.addEventListener('abort', end)
    socket.on('error', () => undefined)
    socket.on('message', (data: RawData) =>
      this.hear('followLive', JSON.parse((data as Buffer).toString()) as Frame),
    )
    const code = await new Promise<number>((closed) => socket.once('close', closed))
    if (!signal.aborted) this.closeCodes.push(code)
    signal.removeEventListener('abort', end)
  }
}

export class EventStreamReader extends Reader {
  protected async listen(url: string, signal: AbortSignal): Promise<void> {
    const headers = {
      accept: 'text/event-stream',
      ...(this.position !== undefined && { 'last-event-id': this.position }),
    }
    try {
      const request = get(`${url}/v1/feeds/en/events`, { headers, signal, agent: false })
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      if (response.statusCode !== 200) {
        request.destroy()
        return
      }
      await this.#read(response.setEncoding('utf8'))
    } catch {
      // Refused, cut off or stopped: the try is over.
    }
  }

  /** Ignores a message without a final empty line, as a browser does. */
  async #read(response: IncomingMessage): Promise<void> {
    let rest = ''
    for await (const text of response) {
      const blocks = (rest + String(text)).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data === undefined) continue
        const frame = JSON.parse(data) as Frame
        const id = /^id: (.*)$/m.exec(block)?.[1]
        this.hear('getEvents', frame)
        const mark = 'mark' in frame ? frame.mark : undefined
        if (id !== undefined && id !== [this.position, mark].filter(Boolean).join(':'))
          this.contradictions.push(`id ${id} received at ${this.position}`)
      }
    }
  }
}

export class PollingReader extends Reader {
  protected async listen(url: string, signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        const query = this.position === undefined ? '' : `?after=${this.position}&wait=${POLL_WAIT_S}`
        const response = await fetch(`${url}/v1/feeds/en/events${query}`, { signal })
        if (response.status !== 200) return
        const page = (await response.json()) as Page
        if (page.reset) this.take(page.reset)
        for (const event of page.events) this.take(event)
        this.take({ type: 'head', position: page.position, serverTime: '' })
      }
    } catch {
      // Refused, cut off or stopped: the try is over.
    }
  }
}
