import { setImmediate } from 'node:timers'
import type { LoadedFeed, LogEntry } from '../../eventlog/read-log.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { cursorOf } from '../../protocol/reader-frames.ts'
import type { FeedTitle } from '../../protocol/feed.ts'
import { noPresentation, titleWith, type StoredPresentation } from '../../protocol/presentation.ts'
import type { EventFrame, HeadFrame, FeedState } from '../../protocol/frames.ts'
import type { ResetReason } from '../../protocol/lists/reset-reasons.ts'
import { filterKey, type Filter } from '../../protocol/filter.ts'
import type { MarkedPosition, Position } from '../../protocol/position.ts'
import { AcknowledgementCounts } from './acknowledgement-counts.ts'
import type { SocketWriter } from '../bytes/socket-writer.ts'
import { FeedLog } from '../memory/feed-log.ts'
import { TakenBackLog } from '../memory/taken-back-log.ts'
import { HelloBytes } from '../memory/hello-bytes.ts'
import { HeadBytes } from '../memory/head-bytes.ts'
import { returnAfterMs } from '../admission/return-after-ms.ts'
import { SessionSet } from './session-set.ts'
import { WaitingPolls } from './waiting-polls.ts'
import { ReaderSession, type ReaderConnection, type Round } from './reader-session.ts'
import { SharedBytes } from '../memory/shared-bytes.ts'
import { Marks, type EmitMarks } from '../memory/marks.ts'
import { FilteredView } from '../memory/filtered-view.ts'
import { transportOf, WS_PING, type Wire } from '../bytes/frame-bytes.ts'
import { DeliveryCounts } from './delivery-counts.ts'

export interface HubOptions {
  readonly heartbeatMs: number
  readonly slowReaderMs: number
  readonly resumeEvents: number
  readonly resumeBytes: number
  readonly emitMarks?: EmitMarks
}

export interface HubDeps {
  readonly options: HubOptions
  readonly metrics: Metrics
  /** Redis's clock, which dates the events. */
  readonly now: () => number
  readonly writer: SocketWriter
}

const NOWHERE: Position = { epoch: '', seq: 0 }

/**
 * One feed's readers. New events start a flush round, in which every session gets the events after its cursor. Events
 * that arrive during a round join the next one, so batches grow with the load, and an idle feed adds no delay.
 */
export class Hub {
  #title: FeedTitle
  #presentation = noPresentation
  #presentedAt = -Infinity
  readonly #deps: HubDeps
  readonly log: FeedLog
  readonly takenBack = new TakenBackLog()
  readonly marks: Marks
  readonly #helloBytes: HelloBytes
  readonly deliveries: DeliveryCounts
  readonly acknowledgements: AcknowledgementCounts
  readonly #round: Round
  /** Views by filter: each while it has readers; the view without a filter always. */
  readonly #views = new Map<string, FilteredView>()
  readonly #shared: SharedBytes
  #stale = false
  #frozen: boolean
  readonly sessions = new SessionSet()
  readonly #blocked = new Set<ReaderSession>()
  readonly polls = new WaitingPolls()
  #flushing = false
  #delivered = 0
  #countScheduled = false
  readonly #timers: NodeJS.Timeout[]
  readonly #countReset = (reason: ResetReason): void => {
    this.#deps.metrics.resets.inc({ reason })
  }

  constructor(title: FeedTitle, loaded: LoadedFeed, deps: HubDeps) {
    this.#title = title
    this.#deps = deps
    const { resumeEvents, resumeBytes, emitMarks = 'auto' } = deps.options
    this.marks = new Marks(emitMarks, deps.now)
    this.log = new FeedLog(loaded, { events: resumeEvents, bytes: resumeBytes }, this.marks)
    this.#shared = new SharedBytes(this.log)
    this.#helloBytes = new HelloBytes(title, deps.options.heartbeatMs, deps.now)
    this.deliveries = new DeliveryCounts(this.log, deps.now)
    this.acknowledgements = new AcknowledgementCounts(this.log, this.deliveries)
    this.#round = {
      log: this.log,
      deliveries: this.deliveries,
      writer: deps.writer,
      onReset: this.#countReset,
    }
    this.#frozen = loaded.frozen
    this.#addReader({})
    this.#setHeadMetric()
    const { heartbeatMs, slowReaderMs } = deps.options
    this.#timers = [
      setInterval(() => void this.#sendHeartbeats(), heartbeatMs),
      setInterval(() => void this.#closeSlowReaders(), slowReaderMs / 4),
    ]
  }

  /** Redis's time, in ms: it dates the events and ends the labels of headlines. */
  now(): number {
    return this.#deps.now()
  }

  get feed(): string {
    return this.title.id
  }

  get title(): FeedTitle {
    return this.#title
  }

  /** The feed's own words, labels and digits. */
  get presentation(): StoredPresentation {
    return this.#presentation
  }

  /** Streams get a head with the feed at once, and the long polls are answered. */
  present(presentation: StoredPresentation): void {
    this.#presentation = presentation
    const before = this.#title
    this.#title = titleWith(this.#title, presentation)
    this.#helloBytes.rename(this.#title)
    const { numbering, words } = this.#title
    if (before.numbering === numbering && before.words === words) return
    this.#presentedAt = performance.now()
    void this.#sendFeedState()
    void this.polls.wake()
  }

  append(entry: LogEntry): EventFrame {
    const event = this.log.append(entry)
    this.takenBack.append(event)
    this.deliveries.released(event)
    this.acknowledgements.appended(this.readers)
    this.#flush()
    return event
  }

  /** The log was read again from Redis: a reader whose cursor it does not hold any more gets a reset. */
  replace(loaded: LoadedFeed): void {
    // The deliveries so far belong to the old log.
    this.#countDelivered()
    this.log.replace(loaded)
    this.takenBack.clear()
    this.acknowledgements.replaced(this.readers, this.sessions.all())
    this.#flush()
    this.freeze(loaded.frozen)
  }

  /** The newsroom has stopped the feed, or lets it go on: every reader gets a head with the feed state at once. */
  freeze(frozen: boolean): void {
    if (frozen === this.#frozen) return
    this.#frozen = frozen
    void this.#sendFeedState()
  }

  /** The log cannot be reached, or it can again: streams get a head at once, and the long polls are answered. */
  markStale(stale: boolean): void {
    if (stale === this.#stale) return
    this.#stale = stale
    void this.#sendFeedState()
    void this.polls.wake()
  }

  /** Whether readers may be behind the log, because it cannot be reached. */
  get stale(): boolean {
    return this.#stale
  }

  feedState(): FeedState {
    return { ...(this.#stale && { stale: true }), ...(this.#frozen && { frozen: true }) }
  }

  /**
   * The feed, for a while after it has got other words. A blocked reader gets no head: in this time it takes bytes again
   * and gets the next heartbeat, or it is closed and gets a `hello`.
   */
  newFeed(): { readonly feed?: FeedTitle } {
    const { heartbeatMs, slowReaderMs } = this.#deps.options
    const isNew = performance.now() - this.#presentedAt < 2 * (heartbeatMs + slowReaderMs)
    return isNew ? { feed: this.#title } : {}
  }

  /** The number of connected readers and of waiting long polls. */
  get readers(): number {
    return this.sessions.size + this.polls.size
  }

  /**
   * Sends hello and the events after `after`, or a reset with the strip. `acks`: whether the reader acknowledges.
   * `meter`: counts the deliveries to a partner's reader.
   */
  join(
    connection: ReaderConnection,
    filter: Filter,
    after: MarkedPosition | undefined,
    acks = false,
    meter?: { deliveries: number },
  ): ReaderSession {
    const found = after ? this.log.locate(after) : 'start'
    const view = this.#addReader(filter)
    const { epoch, seq } = this.log.head
    // The same string object as the head's epoch: deliveries compare the two, which is fastest for one object.
    const start = { epoch, seq: found === 'here' && after ? after.seq : seq }
    const session = new ReaderSession(connection, view, start, meter)
    this.#write(session, this.#helloBytes.bytes(connection.wire, this.log.position, this.feedState(), acks))
    if (found !== 'here') {
      this.#write(session, view.reset(connection.wire, found, connection.takesParts))
      this.#countReset(found)
    }
    this.sessions.add(session)
    // The screen of a reader with another history shows no event of this one for certain.
    if (acks) this.acknowledgements.joined(session, found === 'mark' ? NOWHERE : (after ?? this.log.head))
    this.#deps.metrics.sessions.inc({ transport: transportOf[connection.wire] })
    this.#advance(session, this.log.head.seq)
    this.#scheduleCount()
    return session
  }

  leave(session: ReaderSession): void {
    if (!this.sessions.has(session)) return
    this.sessions.delete(session)
    if (--session.view.readers === 0) this.#views.delete(session.view.key)
    this.#unblock(session)
    this.acknowledgements.left(session)
    this.#deps.metrics.sessions.dec({ transport: transportOf[session.connection.wire] })
  }

  /** The log through a filter: the view that readers with this filter share, or a new view where no reader has it. */
  view(filter: Filter): FilteredView {
    return this.#views.get(filterKey(filter)) ?? new FilteredView(this.title, this.log, filter, this.#shared)
  }

  /** The connection accepts bytes again. */
  drained(session: ReaderSession): void {
    if (!this.sessions.has(session)) return
    this.#unblock(session)
    this.#advance(session, this.log.head.seq)
    this.#countDelivered()
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    void this.polls.wake()
  }

  #addReader(filter: Filter): FilteredView {
    const view = this.view(filter)
    this.#views.set(view.key, view)
    view.readers++
    return view
  }

  #flush(): void {
    this.#setHeadMetric()
    if (this.#flushing) return
    this.#flushing = true
    // After this turn of the event loop, so that all events of one read from Redis go out in one write.
    setImmediate(() => void this.#runRounds())
  }

  async #runRounds(): Promise<void> {
    let reached
    while (reached !== this.log.head) {
      const head = (reached = this.log.head)
      void this.polls.wake()
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

  #advance(session: ReaderSession, through: number): void {
    const events = session.advance(this.#round, through)
    this.#delivered += events
    if (session.meter !== undefined) session.meter.deliveries += events
    if (session.blocked()) this.#block(session)
  }

  #write(session: ReaderSession, bytes: Buffer): void {
    session.write(bytes)
    if (session.blocked()) this.#block(session)
  }

  #block(session: ReaderSession): void {
    if (this.#blocked.has(session)) return
    this.#blocked.add(session)
    this.#deps.metrics.blockedSessions.inc()
  }

  #unblock(session: ReaderSession): void {
    session.blockedSince = 0
    if (this.#blocked.delete(session)) this.#deps.metrics.blockedSessions.dec()
  }

  async #closeSlowReaders(): Promise<void> {
    const before = performance.now() - this.#deps.options.slowReaderMs
    await this.sessions.walk((session) => {
      if (session.blocked() && session.blockedSince < before) session.connection.end('slow', returnAfterMs())
    })
  }

  /**
   * Sends every reader a `head` frame, and WebSocket readers a ping too. Closes a reader that has not answered the ping
   * of the last heartbeat.
   */
  #sendHeartbeats(): Promise<void> {
    return this.#sendHeads(
      (wire, head) => (transportOf[wire] === 'sse' ? head : Buffer.concat([head, WS_PING])),
      ({ connection }) => {
        const answers = connection.answersPings()
        if (!answers) connection.end('idle', returnAfterMs())
        return answers
      },
    )
  }

  #setHeadMetric(): void {
    this.#deps.metrics.headSeq.set({ feed: this.title.id }, this.log.head.seq)
  }

  #sendFeedState(): Promise<void> {
    return this.#sendHeads((_wire, head) => head)
  }

  /**
   * Sends each session the head of the moment at which it is visited. A head says that the reader has every event up to
   * it, so missing events are written first. A filtered reader learns only from heads that the feed has gone on.
   */
  async #sendHeads(
    finish: (wire: Wire, head: Buffer) => Buffer,
    isWanted: (session: ReaderSession) => boolean = () => true,
  ): Promise<void> {
    const headBytes = new HeadBytes(() => JSON.stringify(this.#headFrame()), finish)
    await this.sessions.walk(
      (session) => {
        if (session.blocked() || !isWanted(session)) return
        this.#advance(session, this.log.head.seq)
        if (session.blocked()) return
        this.#write(session, headBytes.of(session.connection.wire, this.log, this.#stale, this.#frozen))
      },
      () => {
        this.#countDelivered()
      },
    )
  }

  /** Counts the deliveries to all readers that join in one turn of the event loop together. */
  #scheduleCount(): void {
    if (this.#countScheduled) return
    this.#countScheduled = true
    setImmediate(() => {
      this.#countScheduled = false
      this.#countDelivered()
    })
  }

  #countDelivered(): void {
    this.deliveries.endSlice()
    if (this.#delivered > 0) this.#deps.metrics.deliveries.inc(this.#delivered)
    this.#delivered = 0
  }

  #headFrame(): HeadFrame {
    return {
      type: 'head',
      ...cursorOf(this.log),
      serverTime: new Date(this.#deps.now()).toISOString(),
      ...this.newFeed(),
      ...this.feedState(),
    }
  }
}
