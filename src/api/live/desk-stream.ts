import type { Response } from 'express'
import { readAuditPage, type AuditPage } from '../../archive/reading/read-audit-page.ts'
import type { Sources } from '../../archive/reading/sources.ts'
import { entryWithoutAddress } from '../../eventlog/audit/read-audit.ts'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import { whileRedisAnswers } from './while-redis-answers.ts'

const READ_AT_ONCE = 100
/** How often a stream looks for a lost doorbell and checks that its caller may still listen. */
const LOOK_EVERY_MS = 1_000
/** A listener with more unsent bytes than this gets no optional frames. */
const BEHIND_BYTES = 64 * 1024
const END_LIMIT_MS = 2_000

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // nginx must pass each write on at once.
  'X-Accel-Buffering': 'no',
}

export interface DeskCaller {
  readonly credential: string
  /** Whether the caller may still listen. */
  readonly mayStill: () => Promise<boolean>
  /** Whether the caller may see now from which addresses colleagues act. */
  readonly mayReadAddresses: () => Promise<boolean>
}

export interface DeskOptions {
  readonly heartbeatMs: number
  /** A listener that accepts no bytes for this time is disconnected. */
  readonly slowMs: number
}

interface DeskStreamDeps {
  readonly sources: Sources
  readonly logger: Logger
  readonly options: DeskOptions
}

interface Look {
  readonly entries: AuditPage['entries']
  readonly showsAddresses: boolean
}

type StreamEnd = 'revoked' | 'slow' | 'draining' | 'unavailable'

/**
 * One listener of a feed's desk. It has a cursor into the audit and no queue: it reads on after each write, so a slow
 * listener costs no memory and misses no entry.
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
    this.bell = deps.sources.store.keys.feed(feed).desk
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
    // This class disconnects slow listeners itself.
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

  /** The audit has a new entry. */
  ring(): void {
    this.#rung = true
    this.#wake()
  }

  tell(frame: object): void {
    if (this.#response.writableLength < BEHIND_BYTES) this.#write(frame)
  }

  end(reason: StreamEnd): void {
    if (!this.#isOpen()) return
    this.#write({ type: 'bye', reason })
    this.#response.end()
    setTimeout(() => {
      this.#response.destroy()
    }, END_LIMIT_MS).unref()
  }

  async #follow(after: number): Promise<StreamEnd | undefined> {
    const { sources, options } = this.#deps
    let last = after
    while (this.#isOpen()) {
      this.#rung = false
      const look = await whileRedisAnswers(sources.store, this.#look(last))
      if (look === 'revoked') return 'revoked'
      const { entries, showsAddresses } = look
      for (const { n, json } of entries) {
        last = n
        // An erased entry has nothing to tell.
        if (json === undefined) continue
        const entry = showsAddresses ? json : entryWithoutAddress(json)
        this.#send(`{"type":"audit","entry":${entry}}`, n)
      }
      if (performance.now() - this.#heardAt >= options.heartbeatMs) {
        this.#write({ type: 'head', n: last, serverTime: new Date().toISOString() }, last)
      }
      if (!(await this.#drained())) return 'slow'
      if (entries.length < READ_AT_ONCE) await this.#doorbell(Math.min(LOOK_EVERY_MS, options.heartbeatMs))
    }
    return undefined
  }

  async #look(after: number): Promise<'revoked' | Look> {
    const { entries } = await readAuditPage(this.#deps.sources, this.feed, after, READ_AT_ONCE)
    if (!(await this.caller.mayStill())) return 'revoked'
    const showsAddresses = entries.length > 0 && (await this.caller.mayReadAddresses())
    return { entries, showsAddresses }
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

  /** False: the listener has accepted no bytes for too long. */
  async #drained(): Promise<boolean> {
    const until = performance.now() + this.#deps.options.slowMs
    while (this.#isOpen() && this.#response.writableNeedDrain) {
      const leftMs = until - performance.now()
      if (leftMs <= 0) return false
      this.#rung = false
      await this.#doorbell(leftMs)
      // The error may also have been a bug of this service.
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
