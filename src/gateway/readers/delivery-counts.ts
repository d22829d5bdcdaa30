import type { ScreenSums, ReceiptReport } from '../../fanout/receipt-report.ts'
import { TimeBuckets } from '../../platform/time-buckets.ts'
import type { EventFrame } from '../../protocol/frames.ts'
import { formatPosition } from '../../protocol/position.ts'
import type { FeedLog } from '../memory/feed-log.ts'
import type { Piece } from '../memory/filtered-view.ts'

/** The newest events of a feed, whose readers are counted. */
export const COUNTED_EVENTS = 256
/** Counts that may wait to be reported; in a flood that is faster than the reports, the oldest are forgotten. */
const WAITING_COUNTS = 1_024

export interface Count {
  readonly seq: number
  readonly position: string
  readonly releasedMs: number
  readonly times: TimeBuckets
  /** Only of what must clear every screen. */
  screens?: ScreenSums
  /** Since it was last reported. */
  changed: boolean
}

/**
 * Counts, for each of the newest events, the readers that it was written to, and how soon. A delivery costs one
 * addition: readers of one slice share a piece, and the piece is counted once, at the end of the slice.
 */
export class DeliveryCounts {
  readonly #log: FeedLog
  readonly #now: () => number
  readonly #slice: Piece[] = []
  /** By position, in the order in which they came to be counted. */
  readonly #counts = new Map<string, Count>()

  /** `now`: by the clock that dates the events. */
  constructor(log: FeedLog, now: () => number) {
    this.#log = log
    this.#now = now
  }

  /** A new event: it is reported even where nobody reads it. */
  released(event: EventFrame): void {
    this.#add(this.#log.head.seq, event).changed = true
    if (this.#counts.size > WAITING_COUNTS) this.#forgetOldest()
  }

  /** A piece was written to one reader. */
  gave(piece: Piece): void {
    if (piece.readers++ === 0) this.#slice.push(piece)
  }

  /** Ends a slice: all that was given in it was given now. */
  endSlice(): void {
    if (this.#slice.length === 0) return
    for (const piece of this.#slice) {
      this.wrote(piece.given, piece.readers)
      piece.readers = 0
    }
    this.#slice.length = 0
  }

  /** Events were written to so many readers just now. */
  wrote(seqs: readonly number[], readers = 1): void {
    const now = this.#now()
    const earliest = this.#log.head.seq - COUNTED_EVENTS
    for (const seq of seqs) {
      if (seq <= earliest) continue
      const count = this.countOf(seq)
      if (!count) continue
      count.times.add(now - count.releasedMs, readers)
      count.changed = true
    }
  }

  /** Of one of the newest events; undefined where it has fallen out of memory before anything was counted. */
  countOf(seq: number): Count | undefined {
    const { epoch } = this.#log.head
    const counted = this.#counts.get(formatPosition({ epoch, seq }))
    if (counted || seq < this.#log.earliest) return counted
    return this.#add(seq, this.#log.at(seq).event)
  }

  /** What has changed since it was last taken, in sums so far. */
  takeChanges(): ReceiptReport['events'] {
    this.#forgetReported()
    const changed = [...this.#counts.values()].filter((count) => count.changed)
    for (const count of changed) count.changed = false
    return changed.map(({ position, times, screens }) => ({
      position,
      times: times.buckets().map(([b, n]) => [b, n]),
      ...(screens && { screens: { ...screens } }),
    }))
  }

  /** To be told again: what nobody has heard or, where somebody has missed reports, all. */
  reportAgain(events: Iterable<{ readonly position: string }> = this.#counts.values()): void {
    for (const { position } of events) {
      const count = this.#counts.get(position)
      if (count) count.changed = true
    }
  }

  #add(seq: number, { position, at }: EventFrame): Count {
    const count = { seq, position, releasedMs: Date.parse(at), times: new TimeBuckets(), changed: false }
    this.#counts.set(position, count)
    return count
  }

  /** Of what is no longer counted, only what waits to be reported stays. */
  #forgetReported(): void {
    const { epoch, seq: newest } = this.#log.head
    for (const { seq, position, changed } of this.#counts.values()) {
      const counted = seq > newest - COUNTED_EVENTS && position === formatPosition({ epoch, seq })
      if (!counted && !changed) this.#counts.delete(position)
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#counts.keys()
    if (oldest !== undefined) this.#counts.delete(oldest)
  }
}
