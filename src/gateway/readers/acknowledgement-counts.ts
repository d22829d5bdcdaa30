import type { ScreenSums } from '../../fanout/receipt-report.ts'
import type { Position } from '../../protocol/position.ts'
import type { FeedLog } from '../memory/feed-log.ts'
import { SILENT, type ReaderSession } from './reader-session.ts'
import { COUNTED_EVENTS, type Count, type DeliveryCounts } from './delivery-counts.ts'

/** Of a session that is not known to show anything of this epoch. */
const NOTHING = -1

type Sums = { -readonly [Name in keyof ScreenSums]: ScreenSums[Name] }

interface AskedEvent {
  readonly seq: number
  readonly sums: Sums
  /** What is reported of it, once there is something to report. */
  count?: Count | undefined
}

/**
 * Counts, for each of the newest events that must clear every screen, the sessions that have said that theirs is
 * clear. A session owns one number for it: what it has acknowledged. For each event, always:
 * asked = cleared + left + connected sessions whose number is below it.
 */
export class AcknowledgementCounts {
  readonly #log: FeedLog
  readonly #deliveries: DeliveryCounts
  /** Oldest first. */
  #events: AskedEvent[] = []
  #epoch: string
  #through = 0
  /** Connected sessions that acknowledge. */
  #screens = 0

  constructor(log: FeedLog, deliveries: DeliveryCounts) {
    this.#log = log
    this.#deliveries = deliveries
    this.#epoch = log.head.epoch
    this.#ask(0, 'loaded')
  }

  /** The log has gone on: every session is asked for what is new. `readers`: all that are there. */
  released(readers: number): void {
    this.#ask(readers - this.#screens, 'new')
  }

  /** The log was read anew. Where its history is another one, what was acknowledged says nothing about it. */
  replaced(readers: number, sessions: readonly ReaderSession[]): void {
    if (this.#epoch !== this.#log.head.epoch) {
      this.#epoch = this.#log.head.epoch
      this.#events = []
      this.#through = 0
      for (const session of sessions) if (session.acked !== SILENT) session.acked = NOTHING
    }
    this.released(readers)
  }

  /** A session that acknowledges begins. Its screen is right up to where it resumes; an empty one is right anyhow. */
  joined(session: ReaderSession, shown: Position): void {
    const { epoch, seq } = this.#log.head
    session.acked = shown.epoch === epoch ? Math.min(shown.seq, seq) : NOTHING
    this.#screens++
    this.#count(session.acked, seq, (sums) => {
      sums.asked++
      sums.returned++
    })
  }

  left(session: ReaderSession): void {
    if (session.acked === SILENT) return
    this.#screens--
    this.#count(session.acked, this.#through, (sums) => sums.left++)
  }

  /** Says nothing new, or cannot be true: not counted. A late word about a history that has ended is honest. */
  acked(session: ReaderSession, position: Position): void {
    if (position.epoch !== this.#epoch || position.seq <= session.acked || !session.wasGiven(position)) return
    this.#count(session.acked, position.seq, (sums) => sums.cleared++)
    session.acked = position.seq
  }

  /** Reports what somebody still owes once more: who goes silent about it is not there any more. */
  reportWaiting(): void {
    for (const event of this.#events) {
      const { asked, cleared, left } = event.sums
      if (asked > cleared + left) this.#changed(event)
    }
  }

  #ask(silent: number, they: 'new' | 'loaded'): void {
    const { seq: newest } = this.#log.head
    const counted = newest - COUNTED_EVENTS
    this.#events = this.#events.filter(({ seq }) => seq > counted)
    for (let seq = Math.max(this.#through + 1, counted + 1, this.#log.earliest); seq <= newest; seq++) {
      if (!this.#log.at(seq).clears) continue
      const event = { seq, sums: { asked: this.#screens, cleared: 0, left: 0, returned: 0, silent } }
      this.#events.push(event)
      // Of what was loaded, others have told.
      if (they === 'new') this.#changed(event)
    }
    this.#through = newest
  }

  /** Newest first: nearly always it is the newest only. */
  #count(after: number, through: number, change: (sums: Sums) => void): void {
    for (let index = this.#events.length - 1; index >= 0; index--) {
      const event = this.#events[index]
      if (!event || event.seq <= after) return
      if (event.seq > through) continue
      change(event.sums)
      this.#changed(event)
    }
  }

  #changed(event: AskedEvent): void {
    event.count ??= this.#deliveries.countOf(event.seq)
    if (!event.count) return
    event.count.screens = event.sums
    event.count.changed = true
  }
}
