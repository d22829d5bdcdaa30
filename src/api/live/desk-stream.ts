import type { Response } from 'express'
import type { Store } from '../../eventlog/store/store.ts'
import { readAudit } from '../../eventlog/audit/read-audit.ts'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'

const READ_AT_ONCE = 100
/** A doorbell may be lost, and a caller may lose the right to listen: so often both are looked at. */
const LOOK_EVERY_MS = 1_000
/** For what may be left out: a listener that is behind has enough to take. */
const BEHIND_BYTES = 64 * 1024
const END_LIMIT_MS = 2_000

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // nginx passes each write on at once.
  'X-Accel-Buffering': 'no',
}

export interface DeskCaller {
  readonly credential: string
  /** Whether it may still listen. */
  readonly mayStill: () => Promise<boolean>
}

export interface DeskOptions {
  readonly heartbeatMs: number
  /** A listener that takes nothing for so long is sent away. */
  readonly slowMs: number
}

interface DeskStreamDeps {
  readonly store: Store
  readonly logger: Logger
  readonly options: DeskOptions
}

type EndReason = 'revoked' | 'slow' | 'draining' | 'unavailable'

/**
 * One listener of a feed's desk. It has a cursor into the audit and no queue: it reads on when it has written, so a
 * slow one costs nothing and misses nothing.
 */
export class DeskStream {
  readonly feed: string
  /** The channel of its doorbell. */
  readonly bell: string
  readonly caller: DeskCaller
  readonly #response: Response
  readonly #deps: DeskStreamDeps
  #rung = false
  #wake: () => void = () => undefined
  #heardAt = 0

  constructor(response: Response, deps: DeskStreamDeps, feed: string, caller: DeskCaller) {
    this.#response = response
    this.#deps = deps
    this.feed = feed
    this.bell = deps.store.keys.feed(feed).desk
    this.caller = caller
    const ring = () => {
      this.ring()
    }
    response.on('drain', ring).once('close', ring)
  }

  async run(after: number): Promise<void> {
    this.#response.writeHead(200, headers)
    if (this.#response.req.method === 'HEAD') {
      this.#response.end()
      return
    }
    // It looks after slow listeners itself.
    this.#response.setTimeout(0)
    this.#write({ type: 'hello', feed: this.feed, after, heartbeatMs: this.#deps.options.heartbeatMs }, after)
    try {
      const reason = await this.#follow(after)
      if (reason) this.end(reason)
    } catch (error) {
      this.#deps.logger.warn({ event: 'desk-stream-failed', feed: this.feed, error: messageOf(error) })
      this.end('unavailable')
    }
  }

  /** The desk has something new. */
  ring(): void {
    this.#rung = true
    this.#wake()
  }

  tell(frame: object): void {
    if (this.#response.writableLength < BEHIND_BYTES) this.#write(frame)
  }

  end(reason: EndReason): void {
    if (!this.#isOpen()) return
    this.#write({ type: 'bye', reason })
    this.#response.end()
    setTimeout(() => {
      this.#response.destroy()
    }, END_LIMIT_MS).unref()
  }

  async #follow(after: number): Promise<EndReason | undefined> {
    const { store, options } = this.#deps
    let last = after
    while (this.#isOpen()) {
      this.#rung = false
      const entries = await readAudit(store, this.feed, last, READ_AT_ONCE)
      if (!(await this.caller.mayStill())) return 'revoked'
      for (const { n, json } of entries) this.#send(`{"type":"audit","entry":${json}}`, (last = n))
      if (performance.now() - this.#heardAt >= options.heartbeatMs) {
        this.#write({ type: 'head', n: last, serverTime: new Date().toISOString() }, last)
      }
      if (!(await this.#drained())) return 'slow'
      if (entries.length < READ_AT_ONCE) await this.#doorbell(Math.min(LOOK_EVERY_MS, options.heartbeatMs))
    }
    return undefined
  }

  #write(frame: object, id?: number): void {
    this.#send(JSON.stringify(frame), id)
  }

  #send(json: string, id?: number): void {
    if (!this.#isOpen()) return
    this.#response.write(`${id === undefined ? '' : `id: ${id}\n`}data: ${json}\n\n`)
    this.#heardAt = performance.now()
  }

  #isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.closed
  }

  /** False: it takes nothing for too long. */
  async #drained(): Promise<boolean> {
    const until = performance.now() + this.#deps.options.slowMs
    while (this.#isOpen() && this.#response.writableNeedDrain) {
      const leftMs = until - performance.now()
      if (leftMs <= 0) return false
      this.#rung = false
      await this.#doorbell(leftMs)
      // It may have been the desk's, too.
      this.#rung = true
    }
    return true
  }

  async #doorbell(limitMs: number): Promise<void> {
    if (this.#rung) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = () => undefined
  }
}
