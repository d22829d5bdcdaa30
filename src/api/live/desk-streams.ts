import type { Response } from 'express'
import type { Sources } from '../../archive/reading/sources.ts'
import { presenceMessageSchema } from '../../eventlog/presence.ts'
import type { Subscriptions } from '../../fanout/subscriptions.ts'
import type { Logger } from '../../platform/logger.ts'
import { Problem } from '../../platform/problem.ts'
import { DeskStream, type DeskCaller, type DeskOptions } from './desk-stream.ts'

/** One person has a console open in a few tabs; more streams are a fault of a program. */
const STREAMS_PER_CALLER = 10
/** Each stream costs one read of Redis a second. */
const STREAMS_AT_ONCE = 500

/** All desk streams of this process. */
export class DeskStreams {
  readonly #sources: Sources
  readonly #logger: Logger
  readonly #options: DeskOptions
  readonly #streams = new Set<DeskStream>()
  #closed = false

  constructor(sources: Sources, logger: Logger, options: DeskOptions) {
    this.#sources = sources
    this.#logger = logger
    this.#options = options
  }

  /** Settles when Redis has confirmed. */
  async listen(subscriptions: Subscriptions): Promise<void> {
    await subscriptions.subscribePattern(this.#sources.store.keys.feed('*').desk, (_payload, channel) => {
      for (const stream of this.#streams) if (stream.bell === channel) stream.ring()
    })
    await subscriptions.subscribePattern(this.#sources.store.keys.feed('*').presence, (payload) => {
      const read = presenceMessageSchema.safeParse(jsonOf(payload))
      if (!read.success) return
      const { feed, ...presence } = read.data
      this.tell(feed, { type: 'presence', ...presence })
    })
  }

  /** Opens a stream of the entries after `after`. Errors: Problem, where there are too many streams. */
  open(feed: string, after: number, caller: DeskCaller): (response: Response) => void {
    if (this.#closed) throw new Problem('draining', retrySoon)
    if (this.#streams.size >= STREAMS_AT_ONCE) throw new Problem('server-full', retrySoon)
    const own = [...this.#streams].filter((stream) => stream.caller.credential === caller.credential)
    if (own.length >= STREAMS_PER_CALLER) throw new Problem('too-many-connections', retrySoon)
    return (response) => {
      // The listener left during the read of Redis: no close event follows any more.
      if (response.closed) return
      const deps = { sources: this.#sources, logger: this.#logger, options: this.#options }
      const stream = new DeskStream(response, deps, feed, caller)
      this.#streams.add(stream)
      response.once('close', () => {
        this.#streams.delete(stream)
      })
      void stream.run(after)
    }
  }

  get size(): number {
    return this.#streams.size
  }

  watches(feed: string): boolean {
    return [...this.#streams].some((stream) => stream.feed === feed)
  }

  /** Sends a frame that is no entry of the audit; slow listeners may miss it. */
  tell(feed: string, frame: object): void {
    for (const stream of this.#streams) if (stream.feed === feed) stream.tell(frame)
  }

  close(): void {
    this.#closed = true
    for (const stream of this.#streams) stream.end('draining')
  }
}

function jsonOf(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    return undefined
  }
}

const retrySoon = { headers: { 'Retry-After': '5' } }
