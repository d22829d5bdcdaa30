import { setImmediate } from 'node:timers'
import type { LoadedFeed, LogEntry } from '../eventlog/read-log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { FeedTitle } from '../protocol/feed.ts'
import type { EventFrame, HeadFrame, ResetReason, Standing } from '../protocol/frames.ts'
import { filterKey, type Filter } from '../protocol/filter.ts'
import type { Position } from '../protocol/position.ts'
import { Clearing } from './clearing.ts'
import type { SocketWriter } from './direct-write.ts'
import { FeedLog } from './feed-log.ts'
import { Greeting } from './greeting.ts'
import { Heads } from './heads.ts'
import { returnAfterMs } from './return-after.ts'
import { SessionSet } from './session-set.ts'
import { Session, type Connection, type Round } from './session.ts'
import { SharedBytes } from './shared-bytes.ts'
import { View } from './view.ts'
import { WS_PING, type Wire } from './wire.ts'
import { Written } from './written.ts'

/** Long-polls that are answered in one turn of the event loop. */
const POLLS_AT_ONCE = 16

export interface HubOptions {
  readonly heartbeatMs: number
  readonly slowReaderMs: number
  readonly resumeEvents: number
  readonly resumeBytes: number
}

export interface HubDeps {
  readonly options: HubOptions
  readonly metrics: Metrics
  /** Redis's clock, which dates the events. */
  readonly now: () => number
  readonly writer: SocketWriter
}

/**
 * One feed's readers. New events make a flush round: every session gets what follows its cursor. What arrives
 * during a round joins the next, so batches grow with the load by themselves and an idle feed waits for nothing.
 */
export class Hub {
  readonly title: FeedTitle
  readonly #deps: HubDeps
  readonly log: FeedLog
  readonly #greeting: Greeting
  readonly written: Written
  readonly clearing: Clearing
  readonly #round: Round
  /** By filter, while it has readers; the one without a filter always. */
  readonly #views = new Map<string, View>()
  readonly #shared: SharedBytes
  /** The log could not be reached lately: what readers see may be behind. */
  stale = false
  #frozen: boolean
  readonly sessions = new SessionSet()
  readonly #blocked = new Set<Session>()
  /** Long-polls that wait for the next event. */
  readonly #waiting = new Set<() => void>()
  #flushing = false
  #delivered = 0
  #countsSoon = false
  readonly #timers: NodeJS.Timeout[]
  readonly #countReset = (reason: ResetReason): void => {
    this.#deps.metrics.resets.inc({ reason })
  }

  constructor(title: FeedTitle, loaded: LoadedFeed, deps: HubDeps) {
    this.title = title
    this.#deps = deps
    const { resumeEvents, resumeBytes } = deps.options
    this.log = new FeedLog(loaded, { events: resumeEvents, bytes: resumeBytes })
    this.#shared = new SharedBytes(this.log)
    this.#greeting = new Greeting(title, deps.options.heartbeatMs)
    this.written = new Written(this.log, deps.now)
    this.clearing = new Clearing(this.log, this.written)
    this.#round = { log: this.log, written: this.written, writer: deps.writer, onReset: this.#countReset }
    this.#frozen = loaded.frozen
    this.#enter({})
    this.#tellHead()
    const { heartbeatMs, slowReaderMs } = deps.options
    this.#timers = [
      setInterval(() => void this.#beat(), heartbeatMs),
      setInterval(() => void this.#endSlow(), slowReaderMs / 4),
    ]
  }

  get feed(): string {
    return this.title.id
  }

  append(entry: LogEntry): EventFrame {
    const event = this.log.append(entry)
    this.written.released(event)
    this.clearing.released(this.readers)
    this.#flush()
    return event
  }

  /** The log was read anew: readers whose position it no longer explains get a reset. */
  replace(loaded: LoadedFeed): void {
    // What was given is of the log that was.
    this.#countDelivered()
    this.log.replace(loaded)
    this.clearing.replaced(this.readers, this.sessions.all())
    this.#flush()
    this.freeze(loaded.frozen)
  }

  /** The newsroom has stopped the feed, or lets it go on: every reader hears of it at once. */
  freeze(frozen: boolean): void {
    if (frozen === this.#frozen) return
    this.#frozen = frozen
    void this.#tellStanding()
  }

  standing(): Standing {
    return { ...(this.stale && { stale: true }), ...(this.#frozen && { frozen: true }) }
  }

  /** Connected now, or waiting for the answer to a long poll. */
  get readers(): number {
    return this.sessions.size + this.#waiting.size
  }

  /** Says hello and gives what follows `after`, or the whole strip. `acks`: whether the reader acknowledges. */
  join(connection: Connection, filter: Filter, after: Position | undefined, acks = false): Session {
    const found = after ? this.log.locate(after) : 'start'
    const view = this.#enter(filter)
    const { epoch, seq } = this.log.head
    // The head's own epoch, not a copy of it: they are compared at each delivery.
    const session = new Session(connection, view, { epoch, seq: found === 'here' && after ? after.seq : seq })
    this.#write(session, this.#greeting.bytes(connection.wire, this.log.position, this.standing(), acks))
    if (found !== 'here') {
      this.#write(session, view.reset(connection.wire, found))
      this.#countReset(found)
    }
    this.sessions.add(session)
    if (acks) this.clearing.joined(session, after ?? this.log.head)
    this.#deps.metrics.sessions.inc({ transport: connection.wire })
    this.#advance(session, this.log.head.seq)
    this.#countSoon()
    return session
  }

  leave(session: Session): void {
    if (!this.sessions.has(session)) return
    this.sessions.delete(session)
    if (--session.view.readers === 0) this.#views.delete(session.view.key)
    this.#unblock(session)
    this.clearing.left(session)
    this.#deps.metrics.sessions.dec({ transport: session.connection.wire })
  }

  /** The feed through a filter: the view of its readers where there are some. */
  view(filter: Filter): View {
    return this.#views.get(filterKey(filter)) ?? new View(this.title, this.log, filter, this.#shared)
  }

  /** The connection takes bytes again. */
  drained(session: Session): void {
    if (!this.sessions.has(session)) return
    this.#unblock(session)
    this.#advance(session, this.log.head.seq)
    this.#countDelivered()
  }

  /** Settles at the next event, after `limitMs`, or when `signal` ends it. */
  async nextEvent(limitMs: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, limitMs)
      signal.addEventListener('abort', done)
      this.#waiting.add(done)
      if (signal.aborted) done()
    })
  }

  /** Answers the long-polls that wait, some at a time: each of them costs more than a reader of a stream. */
  async wakePolls(): Promise<void> {
    let woken = 0
    for (const done of [...this.#waiting]) {
      done()
      if (++woken % POLLS_AT_ONCE === 0) await new Promise<void>((resume) => setImmediate(resume))
    }
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    void this.wakePolls()
  }

  #enter(filter: Filter): View {
    const view = this.view(filter)
    this.#views.set(view.key, view)
    view.readers++
    return view
  }

  #flush(): void {
    this.#tellHead()
    if (this.#flushing) return
    this.#flushing = true
    // After this turn, so that all that one read from Redis has brought goes out in one write.
    setImmediate(() => void this.#rounds())
  }

  async #rounds(): Promise<void> {
    let reached
    while (reached !== this.log.head) {
      const head = (reached = this.log.head)
      void this.wakePolls()
      await this.sessions.walk(
        (session) => {
          this.#advance(session, head.seq)
        },
        () => {
          this.#countDelivered()
        },
      )
    }
    this.#flushing = false
  }

  #advance(session: Session, through: number): void {
    this.#delivered += session.advance(this.#round, through)
    if (session.blocked()) this.#block(session)
  }

  #write(session: Session, bytes: Buffer): void {
    session.write(bytes)
    if (session.blocked()) this.#block(session)
  }

  #block(session: Session): void {
    if (this.#blocked.has(session)) return
    this.#blocked.add(session)
    this.#deps.metrics.blockedSessions.inc()
  }

  #unblock(session: Session): void {
    session.blockedSince = 0
    if (this.#blocked.delete(session)) this.#deps.metrics.blockedSessions.dec()
  }

  async #endSlow(): Promise<void> {
    const before = performance.now() - this.#deps.options.slowReaderMs
    await this.sessions.walk((session) => {
      if (session.blocked() && session.blockedSince < before) session.connection.end('slow', returnAfterMs())
    })
  }

  /** Every heartbeat: a head, and a ping where there are pings. */
  #beat(): Promise<void> {
    return this.#tellHeads(
      (wire, head) => (wire === 'sse' ? head : Buffer.concat([head, WS_PING])),
      ({ connection }) => {
        const answers = connection.answersPings()
        if (!answers) connection.end('idle', returnAfterMs())
        return answers
      },
    )
  }

  #tellHead(): void {
    this.#deps.metrics.headSeq.set({ feed: this.title.id }, this.log.head.seq)
  }

  #tellStanding(): Promise<void> {
    return this.#tellHeads((_wire, head) => head)
  }

  /**
   * A head for everybody: that of the moment at which they are visited. Who is behind gets what is missing first, for a
   * head says that nothing is; what a filter leaves out of it nobody else would ever say.
   */
  async #tellHeads(
    finish: (wire: Wire, head: Buffer) => Buffer,
    mayHave: (session: Session) => boolean = () => true,
  ): Promise<void> {
    const heads = new Heads(() => JSON.stringify(this.#headFrame()), finish)
    await this.sessions.walk(
      (session) => {
        if (session.blocked() || !mayHave(session)) return
        this.#advance(session, this.log.head.seq)
        if (session.blocked()) return
        this.#write(session, heads.of(session.connection.wire, this.log, this.stale, this.#frozen))
      },
      () => {
        this.#countDelivered()
      },
    )
  }

  /** Counts all who join in one turn of the event loop together. */
  #countSoon(): void {
    if (this.#countsSoon) return
    this.#countsSoon = true
    setImmediate(() => {
      this.#countsSoon = false
      this.#countDelivered()
    })
  }

  #countDelivered(): void {
    this.written.endSlice()
    if (this.#delivered > 0) this.#deps.metrics.deliveries.inc(this.#delivered)
    this.#delivered = 0
  }

  #headFrame(): HeadFrame {
    return {
      type: 'head',
      position: this.log.position,
      serverTime: new Date().toISOString(),
      ...this.standing(),
    }
  }
}
