import type { ScreenSums } from '../../fanout/receipt-report.ts'
import type { Position } from '../../protocol/position.ts'
import type { FeedLog } from '../memory/feed-log.ts'
import { SILENT, type ReaderSession } from './reader-session.ts'
import { MAX_COUNTED_EVENTS, type EventCounts, type DeliveryCounts } from './delivery-counts.ts'

/** `acked` of a session that is not known to show any event of this epoch. */
const NONE = -1

type MutableSums = { -readonly [Name in keyof ScreenSums]: ScreenSums[Name] }

interface ClearingEvent {
  readonly seq: number
  readonly sums: MutableSums
  /** The event's counts for the report; set when the sums first change. */
  counts?: EventCounts | undefined
}

/**
 * Counts the acknowledgements of the newest events that must clear every screen. Each session stores one number for
 * it: the newest seq that it has acknowledged. For each event this equation always holds:
 * asked = cleared + left + connected sessions whose number is below the event's seq.
 */
export class AcknowledgementCounts {
  readonly #log: FeedLog
  readonly #deliveries: DeliveryCounts
  /** Oldest first. */
  #events: ClearingEvent[] = []
  #epoch: string
  #through = 0
  /** Connected sessions that acknowledge. */
  #connectedScreens = 0

  constructor(log: FeedLog, deliveries: DeliveryCounts) {
    this.#log = log
    this.#deliveries = deliveries
    this.#epoch = log.head.epoch
    this.#addEvents(0, 'loaded')
  }

  /** New events were appended: every session has to acknowledge them. `readers`: all connected readers. */
  appended(readers: number): void {
    this.#addEvents(readers - this.#connectedScreens, 'new')
  }

  /** The log in memory was replaced. In a new epoch, earlier acknowledgements do not count any more. */
  replaced(readers: number, sessions: readonly ReaderSession[]): void {
    if (this.#epoch !== this.#log.head.epoch) {
      this.#epoch = this.#log.head.epoch
      this.#events = []
      this.#through = 0
      for (const session of sessions) if (session.acked !== SILENT) session.acked = NONE
    }
    this.appended(readers)
  }

  /** A session that acknowledges begins. Its screen is right up to `shown`, the position that it resumes from. */
  joined(session: ReaderSession, shown: Position): void {
    const { epoch, seq } = this.#log.head
    session.acked = shown.epoch === epoch ? Math.min(shown.seq, seq) : NONE
    this.#connectedScreens++
    this.#update(session.acked, seq, (sums) => {
      sums.asked++
      sums.returned++
    })
  }

  left(session: ReaderSession): void {
    if (session.acked === SILENT) return
    this.#connectedScreens--
    this.#update(session.acked, this.#through, (sums) => sums.left++)
  }

  /** Ignores an acknowledgement that is not newer than the last, of another epoch, or of an event not sent yet. */
  acked(session: ReaderSession, position: Position): void {
    if (position.epoch !== this.#epoch || position.seq <= session.acked || !session.hasReceived(position))
      return
    this.#update(session.acked, position.seq, (sums) => sums.cleared++)
    session.acked = position.seq
  }

  /**
   * Reports events again that screens have yet to clear: the api takes a gateway that stops reporting them for dead.
   */
  reportUncleared(): void {
    for (const event of this.#events) {
      const { asked, cleared, left } = event.sums
      if (asked > cleared + left) this.#markChanged(event)
    }
  }

  #addEvents(silent: number, origin: 'new' | 'loaded'): void {
    const { seq: newest } = this.#log.head
    const expired = newest - MAX_COUNTED_EVENTS
    this.#events = this.#events.filter(({ seq }) => seq > expired)
    for (let seq = Math.max(this.#through + 1, expired + 1, this.#log.earliest); seq <= newest; seq++) {
      if (!this.#log.at(seq).mustClear) continue
      const event = { seq, sums: { asked: this.#connectedScreens, cleared: 0, left: 0, returned: 0, silent } }
      this.#events.push(event)
      // Loaded events were released before this gateway held the feed: other gateways have reported them.
      if (origin === 'new') this.#markChanged(event)
    }
    this.#through = newest
  }

  /** Changes the sums of the events after `after` up to `through`, newest first: usually only the newest changes. */
  #update(after: number, through: number, change: (sums: MutableSums) => void): void {
    for (let index = this.#events.length - 1; index >= 0; index--) {
      const event = this.#events[index]
      if (!event || event.seq <= after) return
      if (event.seq > through) continue
      change(event.sums)
      this.#markChanged(event)
    }
  }

  #markChanged(event: ClearingEvent): void {
    event.counts ??= this.#deliveries.countsOf(event.seq)
    if (!event.counts) return
    event.counts.screens = event.sums
    event.counts.changed = true
  }
}
