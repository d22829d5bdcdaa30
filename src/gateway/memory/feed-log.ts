import type { EarlierEntries, LoadedFeed, LogEntry, LogHead, LogPart } from '../../eventlog/read-log.ts'
import { fold, stripOf, type Strip } from '../../protocol/fold.ts'
import type { EventFrame } from '../../protocol/frames.ts'
import { fitsChain } from '../../eventlog/store/mark.ts'
import { formatPosition, withMark, type MarkedPosition, type Position } from '../../protocol/position.ts'
import { HeldEntry } from './held-entry.ts'
import { Marks } from './marks.ts'
import { Redactions } from './redactions.ts'

/** A feed in a gateway's memory: its newest events, and the strip that all events fold to. */
export class FeedLog {
  readonly #limits: { readonly events: number; readonly bytes: number }
  #entries: HeldEntry[] = []
  /** Entries before this index are dropped. They leave the array when they are half of it, so a drop costs little. */
  #first = 0
  readonly #redactions = new Redactions()
  #bytes = 0
  /** Whether an entry found no room, so that no older one is loaded. */
  #isFull = false
  /** The seq before the first entry of the epoch. */
  #since = 0
  #head!: LogHead
  /** Chain hash of the position before the oldest entry, if it is known. */
  #chainBefore: string | undefined
  readonly #marks: Marks
  /** The head whose mark was read last, and its mark. */
  #marked: { head: LogHead; mark: string } | undefined
  #strip!: Strip
  #revision = 0

  constructor(
    loaded: LoadedFeed,
    limits: { events: number; bytes: number },
    marks = new Marks('off', Date.now),
  ) {
    this.#limits = limits
    this.#marks = marks
    this.replace(loaded)
  }

  get head(): LogHead {
    return this.#head
  }

  get position(): string {
    return formatPosition(this.#head)
  }

  /** The mark of `position`; undefined while the gateway sends no marks. */
  get mark(): string | undefined {
    if (this.#marked?.head === this.#head) return this.#marked.mark
    const mark = this.#marks.of(this.#head, this.#head.chain)
    // A missing mark is not kept: the gateway may send marks from the next moment on.
    this.#marked = mark === undefined ? undefined : { head: this.#head, mark }
    return mark
  }

  /** `position` with its mark, as server-sent events have it in `id`. */
  get markedPosition(): string {
    return withMark(this.position, this.mark)
  }

  /** When the newest event in memory was released. */
  get newestAt(): string | undefined {
    return this.#entries.at(-1)?.event.at
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
  locate({ epoch, seq, mark }: MarkedPosition): 'here' | 'epoch' | 'range' | 'mark' {
    if (epoch !== this.#head.epoch) return 'epoch'
    if (seq > this.#head.seq || seq < this.earliest - 1) return 'range'
    if (mark === undefined) return 'here'
    const chain = this.#chainThrough(seq)
    if (chain === undefined) return 'range'
    return fitsChain(mark, chain) ? 'here' : 'mark'
  }

  /** The mark of a seq between `earliest - 1` and the head's seq; undefined while the gateway sends no marks. */
  markAt(seq: number): string | undefined {
    const { epoch } = this.#head
    const entry = this.#find(seq)
    if (entry) return (entry.mark ??= this.#marks.of({ epoch, seq }, entry.chain))
    if (seq === this.#head.seq) return this.mark
    const chain = this.#chainThrough(seq)
    return chain === undefined ? undefined : this.#marks.of({ epoch, seq }, chain)
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
    this.#chainBefore = loaded.chainBefore
    this.#marks.useKey(loaded.markKey)
    this.#entries = []
    this.#redactions.clear()
    this.#first = 0
    this.#bytes = 0
    this.#isFull = false
    this.#since = loaded.since ?? 0
    for (const entry of loaded.entries) this.#push(entry, JSON.parse(entry.json) as EventFrame)
    this.#revision++
  }

  /**
   * The entries before the oldest one that are still to be loaded; undefined where none are: the log in memory is full,
   * the epoch begins there, or Redis has no older ones.
   */
  get missing(): EarlierEntries | undefined {
    if (this.#isFull || this.#length >= this.#limits.events || this.#chainBefore === undefined)
      return undefined
    const { epoch } = this.#head
    const before = this.earliest
    return before - 1 > this.#since ? { epoch, since: this.#since, before } : undefined
  }

  /** Whether entries that are still to be loaded may let the log locate a position. */
  mayLoad({ epoch, seq }: Position): boolean {
    const { missing } = this
    if (missing?.epoch !== epoch) return false
    const room = this.#limits.events - this.#length
    return seq < missing.before - 1 && seq >= Math.max(missing.since, missing.before - 1 - room)
  }

  /**
   * Puts entries before the oldest one, as many as there is room for. False: they do not lead up to it, because the log
   * was replaced or trimmed meanwhile, or Redis has another history now.
   */
  prepend({ entries, chainBefore }: LogPart): boolean {
    const newest = entries.at(-1)
    if (newest?.seq !== this.earliest - 1 || newest.chain !== this.#chainBefore) return false
    const older: HeldEntry[] = []
    this.#chainBefore = chainBefore
    for (const entry of entries.toReversed()) {
      const held = new HeldEntry(entry, JSON.parse(entry.json) as EventFrame)
      this.#isFull =
        this.#length + older.length >= this.#limits.events || this.#bytes + held.size > this.#limits.bytes
      if (this.#isFull) {
        this.#chainBefore = held.chain
        break
      }
      this.#redactions.prepend(held)
      this.#bytes += held.size
      older.push(held)
    }
    this.#entries = [...older.reverse(), ...this.#entries.slice(this.#first)]
    this.#first = 0
    return true
  }

  /** Loads no older entries from now on. */
  endLoading(): void {
    this.#isFull = true
  }

  chainAt(seq: number): string | undefined {
    return seq === this.#head.seq ? this.#head.chain : this.#find(seq)?.chain
  }

  /** The chain hash through a seq between `earliest - 1` and the head's seq, if it is known. */
  #chainThrough(seq: number): string | undefined {
    return seq === this.earliest - 1 && seq < this.#head.seq ? this.#chainBefore : this.chainAt(seq)
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
    this.#redactions.append(held)
    this.#entries.push(held)
    this.#bytes += held.size
    while (this.#length > this.#limits.events || this.#bytes > this.#limits.bytes) this.#dropOldest()
    if (this.#first > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#first)
      this.#first = 0
    }
  }

  get #length(): number {
    return this.#entries.length - this.#first
  }

  #dropOldest(): void {
    const dropped = this.#entries[this.#first++]
    if (!dropped) return
    this.#isFull = true
    this.#chainBefore = dropped.chain
    this.#bytes -= dropped.size
    this.#redactions.forgetOldest(dropped)
  }
}
