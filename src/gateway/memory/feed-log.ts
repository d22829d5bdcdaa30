import type { LoadedFeed, LogEntry, LogHead } from '../../eventlog/read-log.ts'
import { fold, stripOf, type Strip } from '../../protocol/fold.ts'
import type { EventFrame } from '../../protocol/frames.ts'
import { formatPosition, type Position } from '../../protocol/position.ts'
import { HeldEntry } from './held-entry.ts'

/** A feed in a gateway's memory: its newest events, and the strip that all events fold to. */
export class FeedLog {
  readonly #limits: { readonly events: number; readonly bytes: number }
  #entries: HeldEntry[] = []
  /** Entries before this index are dropped. They leave the array when they are half of it, so a drop costs little. */
  #first = 0
  /** The entries of each headline, oldest first. */
  readonly #ofHeadline = new Map<string, HeldEntry[]>()
  #bytes = 0
  #head!: LogHead
  #strip!: Strip
  #revision = 0

  constructor(loaded: LoadedFeed, limits: { events: number; bytes: number }) {
    this.#limits = limits
    this.replace(loaded)
  }

  get head(): LogHead {
    return this.#head
  }

  get position(): string {
    return formatPosition(this.#head)
  }

  get strip(): Strip {
    return this.#strip
  }

  /** Increases with each change of the log. */
  get revision(): number {
    return this.#revision
  }

  /** The seq of the oldest entry. A cursor can be resumed from the seq before it, or later. */
  get earliest(): number {
    return this.#entries[this.#first]?.seq ?? this.#head.seq + 1
  }

  /** Whether the log holds all events after a position; if not, the reason of the reset. */
  locate({ epoch, seq }: Position): 'here' | 'epoch' | 'range' {
    if (epoch !== this.#head.epoch) return 'epoch'
    return seq <= this.#head.seq && seq >= this.earliest - 1 ? 'here' : 'range'
  }

  /** Appends the entry that follows the head. The caller has checked seq and chain. */
  append(entry: LogEntry): EventFrame {
    const event = JSON.parse(entry.json) as EventFrame
    this.#head = { epoch: this.#head.epoch, seq: entry.seq, chain: entry.chain }
    this.#strip = fold(this.#strip, event)
    this.#push(entry, event)
    this.#revision++
    return event
  }

  /** Replaces the log with one that was read from Redis. */
  replace(loaded: LoadedFeed): void {
    this.#head = loaded.head
    this.#strip = stripOf(loaded.strip)
    this.#entries = []
    this.#ofHeadline.clear()
    this.#first = 0
    this.#bytes = 0
    for (const entry of loaded.entries) this.#push(entry, JSON.parse(entry.json) as EventFrame)
    this.#revision++
  }

  chainAt(seq: number): string | undefined {
    return seq === this.#head.seq ? this.#head.chain : this.#find(seq)?.chain
  }

  /** The entry of a seq between `earliest` and the head's seq. */
  at(seq: number): HeldEntry {
    const entry = this.#find(seq)
    if (!entry) throw new Error(`the log in memory has no seq ${seq}`)
    return entry
  }

  /** All entries, oldest first. */
  entries(): readonly HeldEntry[] {
    return this.#entries.slice(this.#first)
  }

  #find(seq: number): HeldEntry | undefined {
    const entry = this.#entries[this.#first + (seq - this.earliest)]
    return entry?.seq === seq ? entry : undefined
  }

  #push(entry: LogEntry, event: EventFrame): void {
    const held = new HeldEntry(entry, event)
    this.#redactBefore(held, event)
    this.#entries.push(held)
    this.#bytes += held.size
    while (this.#entries.length - this.#first > this.#limits.events || this.#bytes > this.#limits.bytes) {
      const dropped = this.#entries[this.#first++]
      if (dropped) this.#forget(dropped)
    }
    if (this.#first > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#first)
      this.#first = 0
    }
  }

  /**
   * The words of a headline stand in no event before the one that shows them now, and in none while it does not show. A
   * replay thus never shows words that were corrected or taken back.
   */
  #redactBefore(held: HeldEntry, { headline }: EventFrame): void {
    const earlier = this.#ofHeadline.get(held.headlineId)
    if (!earlier) {
      this.#ofHeadline.set(held.headlineId, [held])
      return
    }
    const status = headline.status === 'live' ? 'superseded' : headline.status
    if (!held.keepsWords) for (const each of earlier) each.redact(status)
    earlier.push(held)
  }

  /** The oldest entry of all is the oldest one of its headline. */
  #forget(dropped: HeldEntry): void {
    this.#bytes -= dropped.size
    const ofHeadline = this.#ofHeadline.get(dropped.headlineId)
    ofHeadline?.shift()
    if (ofHeadline?.length === 0) this.#ofHeadline.delete(dropped.headlineId)
  }
}
