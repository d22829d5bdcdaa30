import { randomBytes } from 'node:crypto'
import type { FeedTitle } from '../protocol/feed.ts'
import type { EventFrame, Page, Snapshot } from '../protocol/frames.ts'
import { withMark, type MarkedPosition } from '../protocol/position.ts'
import { cursorOf, helloFrame, resetFrame, resetPage, snapshotOf } from '../protocol/reader-frames.ts'
import { decideStep, type Outcome, type ReportedLine, type Verdict } from './decide-step.ts'
import { RunLog } from './run-log.ts'
import { firstTexts, script, type ScriptStage, type ScriptStep, type WantedLines } from './script.ts'

/** The one feed of a run. */
export const RUN_FEED = 'conformance'
const feed: FeedTitle = { id: RUN_FEED, title: 'Conformance', lang: 'en', dir: 'ltr' }

const TICK_MS = 100
/** A client that neither streams nor polls for so long is away. */
const POLL_GAP_MS = 3_000

export interface RunSettings {
  readonly heartbeatMs: number
  /** How long the step of heartbeats lasts. */
  readonly quietMs: number
  readonly settleMs: number
  readonly limitMs: number
}

export interface RunWishes {
  /** The client must send a key, which changes once. */
  readonly withKey: boolean
  /** A person says on the page what the client shows; else the client reports it. */
  readonly byHand: boolean
}

/** One connection of the client, whatever its transport. */
export interface Outlet {
  send(frame: object, id?: string): void
  /** Ends it in order. */
  end(reason: 'draining' | 'revoked'): void
  /** Ends it without a word. */
  cut(): void
}

interface StepState {
  readonly step: ScriptStep
  outcome?: Outcome
}

interface Present {
  readonly wanted: WantedLines
  readonly beganAt: number
  returned?: { forMs: number; hasOwnPosition: boolean }
  hasLeft: boolean
  isShown?: boolean
  refusals: number
}

/** One client that is put through the script, in memory. It owns its connections and its timer: `close` ends them. */
export class Run {
  readonly id = randomBytes(16).toString('base64url')
  readonly wishes: RunWishes
  readonly #settings: RunSettings
  readonly #log = new RunLog()
  readonly #steps: StepState[]
  readonly #outlets = new Set<Outlet>()
  readonly #waiting = new Set<(isCut?: boolean) => void>()
  readonly #timer: NodeJS.Timeout
  #key: string | undefined
  #present: Present | undefined
  #reported: readonly ReportedLine[] | undefined
  /** The newest seq that open streams have got. */
  #sentSeq = 0
  /** The seq before events that were left out, until the client comes back. */
  #gapAt: number | undefined
  #repeats: EventFrame[] = []
  #isResetDue = false
  #polledAt = -Infinity
  #heartbeatAt = 0
  #idleSince = performance.now()

  constructor(wishes: RunWishes, settings: RunSettings) {
    this.wishes = wishes
    this.#settings = settings
    this.#key = wishes.withKey ? newKey() : undefined
    this.#steps = script.filter(({ keyOnly }) => wishes.withKey || !keyOnly).map((step) => ({ step }))
    for (const text of firstTexts) this.#log.publish(text)
    this.#sentSeq = this.#log.seq
    this.#timer = setInterval(() => this.#tick(performance.now()), TICK_MS)
    this.#timer.unref()
  }

  get connections(): number {
    return this.#outlets.size + this.#waiting.size
  }

  /** The time since the last request of a client. */
  get idleMs(): number {
    return this.#outlets.size > 0 ? 0 : performance.now() - this.#idleSince
  }

  /** Whether a credential opens the feed. */
  opens(credential: string | undefined): boolean {
    this.#idleSince = performance.now()
    if (this.#key === undefined || credential === this.#key) return true
    if (this.#present) this.#present.refusals++
    return false
  }

  title(): FeedTitle {
    return feed
  }

  snapshot(): Snapshot {
    if (this.#outlets.size === 0) this.#sentSeq = this.#log.seq
    return snapshotOf(feed, this.#log.head, this.#log.strip())
  }

  /** Takes a stream, and sends what it lacks. Gives the function for its end by the client. */
  open(outlet: Outlet, after: MarkedPosition | undefined): () => void {
    const missed = this.#comesBack(after)
    const { heartbeatMs } = this.#settings
    outlet.send(helloFrame(feed, this.#log.head.position, heartbeatMs, Date.now()))
    if (typeof missed === 'string') {
      const { head } = this.#log
      outlet.send(resetFrame(missed, head, this.#log.strip()), idOf(head))
    } else for (const event of missed) outlet.send(event, idOf(event))
    this.#sentSeq = this.#log.seq
    this.#outlets.add(outlet)
    return () => {
      if (this.#outlets.delete(outlet) && this.#present) this.#present.hasLeft = true
    }
  }

  /** Settles with the page, or with undefined where the connection must break. */
  async page(
    after: MarkedPosition | undefined,
    waitMs: number,
    gone: AbortSignal,
  ): Promise<Page | undefined> {
    this.#polledAt = performance.now()
    let missed = this.#comesBack(after)
    if (waitMs > 0 && missed.length === 0 && !this.#isResetDue && this.#repeats.length === 0) {
      if (!(await this.#news(waitMs, gone))) return undefined
      missed = this.#log.after(after)
    }
    this.#polledAt = performance.now()
    this.#sentSeq = this.#log.seq
    const serverTime = new Date().toISOString()
    const wantsReset = this.#isResetDue ? 'lagging' : typeof missed === 'string' ? missed : undefined
    this.#isResetDue = false
    if (wantsReset !== undefined)
      return resetPage(resetFrame(wantsReset, this.#log.head, this.#log.strip()), { serverTime, feed })
    const events = [...(missed as readonly EventFrame[]), ...this.#repeats.splice(0)]
    return { ...cursorOf(this.#log.head), events, more: false, serverTime }
  }

  report(lines: readonly ReportedLine[]): void {
    this.#reported = lines
  }

  /** A person's word about the present step; other steps are over. */
  answer(step: string, isShown: boolean): void {
    if (this.#present && this.#current?.step.id === step) this.#present.isShown = isShown
  }

  /** For the page. */
  state(): object {
    const present = this.#current
    return {
      run: this.id,
      feed: RUN_FEED,
      ...(this.#key !== undefined && { key: this.#key }),
      byHand: this.wishes.byHand,
      connected: this.#isPresent(performance.now()),
      ended: present === undefined,
      steps: this.#steps.map(({ step, outcome }) => ({
        id: step.id,
        title: step.title,
        expected: step.expected,
        rule: step.rule,
        verdict: outcome?.verdict ?? (step === present?.step && this.#present ? 'running' : 'waiting'),
        ...(outcome && { detail: outcome.detail }),
      })),
      ...(this.#present && {
        shows: this.#present.wanted.shows.map(({ text }) => text),
        hides: this.#present.wanted.hides.length,
      }),
    }
  }

  verdicts(): Record<string, Verdict | undefined> {
    return Object.fromEntries(this.#steps.map(({ step, outcome }) => [step.id, outcome?.verdict]))
  }

  close(): void {
    clearInterval(this.#timer)
    this.#cut()
  }

  get #current(): StepState | undefined {
    return this.#steps.find(({ outcome }) => !outcome)
  }

  #isPresent(now: number): boolean {
    return this.#outlets.size > 0 || this.#waiting.size > 0 || now - this.#polledAt < POLL_GAP_MS
  }

  #tick(now: number): void {
    this.#beat(now)
    const current = this.#current
    if (!current) return
    if (!this.#present) this.#begin(current, now)
    else this.#judge(current, this.#present, now)
  }

  #beat(now: number): void {
    if (now - this.#heartbeatAt < this.#settings.heartbeatMs) return
    this.#heartbeatAt = now
    // A head would tell of the events that were left out.
    if (this.#gapAt !== undefined) return
    const { head } = this.#log
    const frame = { type: 'head', ...cursorOf(head), serverTime: new Date().toISOString() }
    for (const outlet of this.#outlets) outlet.send(frame, idOf(head))
  }

  #begin(current: StepState, now: number): void {
    if (!this.#isPresent(now)) return
    if (current.step.streamsOnly && this.#outlets.size === 0) {
      current.outcome = { verdict: 'not-seen', detail: 'Only a stream can have this fault.' }
      return
    }
    const present: Present = {
      wanted: current.step.act(this.#stage),
      beganAt: now,
      hasLeft: false,
      refusals: 0,
    }
    this.#present = present
  }

  #judge(current: StepState, present: Present, now: number): void {
    const { settleMs, quietMs, limitMs } = this.#settings
    const isQuiet = current.step.watches === 'stay' && present.wanted.shows.length === 0
    const outcome = decideStep({
      step: current.step,
      wanted: present.wanted,
      forMs: now - present.beganAt,
      settleMs: isQuiet ? quietMs : settleMs,
      limitMs: this.wishes.byHand ? undefined : limitMs,
      reported: this.#reported,
      isShown: present.isShown,
      returned: present.returned,
      hasLeft: present.hasLeft,
      refusals: present.refusals,
    })
    if (!outcome) return
    current.outcome = outcome
    this.#present = undefined
    // A client that has not noticed the gap gets no further heartbeat otherwise.
    this.#gapAt = undefined
  }

  /** The events that a client at a position lacks. Notes that it came. */
  #comesBack(after: MarkedPosition | undefined): ReturnType<RunLog['after']> {
    const missed = this.#log.after(after)
    const own = this.#gapAt ?? this.#sentSeq
    const hasOwnPosition = !after || (typeof missed !== 'string' && after.seq <= own)
    if (this.#present)
      this.#present.returned ??= { forMs: performance.now() - this.#present.beganAt, hasOwnPosition }
    this.#gapAt = undefined
    return missed
  }

  /** Settles when a page has something to tell, or its time is over; with false where its connection must break. */
  #news(waitMs: number, gone: AbortSignal): Promise<boolean> {
    return new Promise((settle) => {
      const end = (isWhole: boolean) => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        settle(isWhole)
      }
      const wake = (isCut = false) => end(!isCut)
      const timer = setTimeout(wake, waitMs)
      this.#waiting.add(wake)
      gone.addEventListener('abort', () => end(false), { once: true })
    })
  }

  #wake(isCut = false): void {
    for (const wake of [...this.#waiting]) wake(isCut)
  }

  #cut(): void {
    for (const outlet of this.#outlets) outlet.cut()
    this.#outlets.clear()
    this.#wake(true)
  }

  readonly #stage: ScriptStage = {
    log: this.#log,
    release: () => {
      const events = this.#log.since(this.#sentSeq)
      for (const outlet of this.#outlets) for (const event of events) outlet.send(event, idOf(event))
      this.#sentSeq = this.#log.seq
      this.#wake()
    },
    skip: () => {
      this.#gapAt = this.#sentSeq
      this.#sentSeq = this.#log.seq
    },
    repeat: (event) => {
      for (const outlet of this.#outlets) outlet.send(event, idOf(event))
      if (this.#outlets.size === 0) this.#repeats.push(event)
    },
    send: (frame) => {
      for (const outlet of this.#outlets) outlet.send(frame)
    },
    reset: () => {
      const { head } = this.#log
      this.#gapAt = undefined
      for (const outlet of this.#outlets)
        outlet.send(resetFrame('lagging', head, this.#log.strip()), idOf(head))
      this.#isResetDue = this.#outlets.size === 0
      this.#wake()
    },
    cut: () => {
      this.#cut()
    },
    dismiss: (retryAfterMs) => {
      this.#dismiss('draining', retryAfterMs)
    },
    changeKey: () => {
      this.#key = newKey()
      this.#dismiss('revoked', 1_000)
    },
  }

  #dismiss(reason: 'draining' | 'revoked', retryAfterMs: number): void {
    const ended = [...this.#outlets]
    this.#outlets.clear()
    for (const outlet of ended) {
      outlet.send({ type: 'bye', reason, retryAfterMs })
      outlet.end(reason)
    }
    this.#wake(true)
  }
}

function idOf({ position, mark }: { position: string; mark?: string | undefined }): string {
  return withMark(position, mark)
}

function newKey(): string {
  return `fp_conformance_${randomBytes(24).toString('base64url')}`
}
