import type { ScreenSums, ReceiptReport } from '../../fanout/receipt-report.ts'
import { TimeBuckets } from '../../platform/time-buckets.ts'
import type { EventFrame } from '../../protocol/frames.ts'
import { formatPosition } from '../../protocol/position.ts'
import type { FeedLog } from '../memory/feed-log.ts'
import type { Piece } from '../memory/filtered-view.ts'

/** Readers are counted for so many of a feed's newest events. */
export const MAX_COUNTED_EVENTS = 256
/** Limits memory when events come faster than reports are sent: beyond it, the oldest counts are dropped. */
const MAX_WAITING_COUNTS = 1_024

export interface EventCounts {
  readonly seq: number
  readonly position: string
  readonly releasedMs: number
  readonly times: TimeBuckets
  /** Set only for an event that must clear every screen. */
  screens?: ScreenSums
  /** Whether the counts have changed since their last report. */
  changed: boolean
}

/**
 * Counts, for each of the newest events, the readers to whom the event was written, and the time since its release. A
 * delivery costs one addition: the readers of a slice share a piece, which is counted once, at the end of the slice.
 */
export class DeliveryCounts {
  readonly #log: FeedLog
  readonly #now: () => number
  readonly #slicePieces: Piece[] = []
  /** Counts by the event's position, in the order in which they were added. */
  readonly #byPosition = new Map<string, EventCounts>()

  /** `now`: Redis's clock, which dates the events. */
  constructor(log: FeedLog, now: () => number) {
    this.#log = log
    this.#now = now
  }

  /** A new event. It is reported even if the feed has no readers. */
  released(event: EventFrame): void {
    this.#add(this.#log.head.seq, event).changed = true
    if (this.#byPosition.size > MAX_WAITING_COUNTS) this.#forgetOldest()
  }

  /** Counts one more reader to whom the piece was written. */
  addReader(piece: Piece): void {
    if (piece.readers++ === 0) this.#slicePieces.push(piece)
  }

  /** Ends a slice: all of its deliveries get the present time. */
  endSlice(): void {
    if (this.#slicePieces.length === 0) return
    for (const piece of this.#slicePieces) {
      this.countWrites(piece.deliveredSeqs, piece.readers)
      piece.readers = 0
    }
    this.#slicePieces.length = 0
  }

  /** Counts events that were written to so many readers just now. */
  countWrites(seqs: readonly number[], readers = 1): void {
    const now = this.#now()
    const earliest = this.#log.head.seq - MAX_COUNTED_EVENTS
    for (const seq of seqs) {
      if (seq <= earliest) continue
      const counts = this.countsOf(seq)
      if (!counts) continue
      counts.times.add(now - counts.releasedMs, readers)
      counts.changed = true
    }
  }

  /** The counts of an event; undefined where the event left the log in memory before it was counted. */
  countsOf(seq: number): EventCounts | undefined {
    const { epoch } = this.#log.head
    const known = this.#byPosition.get(formatPosition({ epoch, seq }))
    if (known || seq < this.#log.earliest) return known
    return this.#add(seq, this.#log.at(seq).event)
  }

  /** The counts that have changed since they were last taken, as sums since the release. */
  takeChanges(): ReceiptReport['events'] {
    this.#forgetReported()
    const changed = [...this.#byPosition.values()].filter((counts) => counts.changed)
    for (const counts of changed) counts.changed = false
    return changed.map(({ position, times, screens }) => ({
      position,
      times: times.buckets().map(([b, n]) => [b, n]),
      ...(screens && { screens: { ...screens } }),
    }))
  }

  /** Marks counts so that the next report carries them again: those of one lost report, or all. */
  reportAgain(events: Iterable<{ readonly position: string }> = this.#byPosition.values()): void {
    for (const { position } of events) {
      const counts = this.#byPosition.get(position)
      if (counts) counts.changed = true
    }
  }

  #add(seq: number, { position, at }: EventFrame): EventCounts {
    const counts = { seq, position, releasedMs: Date.parse(at), times: new TimeBuckets(), changed: false }
    this.#byPosition.set(position, counts)
    return counts
  }

  /** Removes the counts of events that are no longer counted, except those that have yet to be reported. */
  #forgetReported(): void {
    const { epoch, seq: newest } = this.#log.head
    for (const { seq, position, changed } of this.#byPosition.values()) {
      const isCounted = seq > newest - MAX_COUNTED_EVENTS && position === formatPosition({ epoch, seq })
      if (!isCounted && !changed) this.#byPosition.delete(position)
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#byPosition.keys()
    if (oldest !== undefined) this.#byPosition.delete(oldest)
  }
}
