import type { LoadedFeed, LogEntry, LogHead } from '../../eventlog/read-log.ts'
import { fold, stripOf, type Strip } from '../../protocol/fold.ts'
import type { EventFrame } from '../../protocol/frames.ts'
import { formatPosition, type Position } from '../../protocol/position.ts'
import { HeldEntry } from './held-entry.ts'

/** A feed as one gateway holds it: its newest events and the strip that they fold to. */
export class FeedLog {
  readonly #limits: { readonly events: number; readonly bytes: number }
  #entries: HeldEntry[] = []
  /** Entries before this index are dropped; they are cut off in one go when they are half of all. */
  #first = 0
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

  /** Another number whenever anything that it holds has changed. */
  get revision(): number {
    return this.#revision
  }

  /** A cursor before the seq before this one cannot be resumed. */
  get earliest(): number {
    return this.#entries[this.#first]?.seq ?? this.#head.seq + 1
  }

  /** Whether what follows a position can be told. */
  locate({ epoch, seq }: Position): 'here' | 'epoch' | 'range' {
    if (epoch !== this.#head.epoch) return 'epoch'
    return seq <= this.#head.seq && seq >= this.earliest - 1 ? 'here' : 'range'
  }

  /** `entry` follows the head: the caller has checked seq and chain. */
  append(entry: LogEntry): EventFrame {
    const event = JSON.parse(entry.json) as EventFrame
    this.#head = { epoch: this.#head.epoch, seq: entry.seq, chain: entry.chain }
    this.#strip = fold(this.#strip, event)
    this.#push(entry, event)
    this.#revision++
    return event
  }

  /** Starts anew from what was read. */
  replace(loaded: LoadedFeed): void {
    this.#head = loaded.head
    this.#strip = stripOf(loaded.strip)
    this.#entries = []
    this.#first = 0
    this.#bytes = 0
    for (const entry of loaded.entries) this.#push(entry, JSON.parse(entry.json) as EventFrame)
    this.#revision++
  }

  chainAt(seq: number): string | undefined {
    return seq === this.#head.seq ? this.#head.chain : this.#find(seq)?.chain
  }

  /** The entry of a seq from `earliest` to the head's. */
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
    if (event.op === 'withdraw') {
      for (const held of this.entries()) if (held.headlineId === event.headline.id) held.redact()
    }
    const held = new HeldEntry(entry, event)
    this.#entries.push(held)
    this.#bytes += held.size
    while (this.#entries.length - this.#first > this.#limits.events || this.#bytes > this.#limits.bytes) {
      const dropped = this.#entries[this.#first++]
      if (dropped) this.#bytes -= dropped.size
    }
    if (this.#first > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#first)
      this.#first = 0
    }
  }
}
