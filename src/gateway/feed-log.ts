import type { LoadedFeed, LogEntry, LogHead } from '../eventlog/read-log.ts'
import type { FeedTitle } from '../protocol/feed.ts'
import { fold, inOrder, stripOf, type Strip } from '../protocol/fold.ts'
import type { EventFrame, ResetFrame, ResetReason, Snapshot } from '../protocol/frames.ts'
import type { Tombstone } from '../protocol/headline.ts'
import { formatPosition, type Position } from '../protocol/position.ts'
import { encode, type Wire } from './wire.ts'

/** One write of a long catch-up: a reader that reads slowly keeps at most this much waiting. */
const PIECE_BYTES = 64 * 1024

interface Entry {
  readonly seq: number
  readonly chain: string
  readonly headlineId: string
  json: string
  ws: Buffer
  sse: Buffer | undefined
}

/**
 * A feed as one gateway holds it: its newest events, framed once for all readers, and the strip that they fold
 * to. Readers are served from here alone.
 */
export class FeedLog {
  readonly feed: FeedTitle
  readonly #maxEvents: number
  readonly #maxBytes: number
  #entries: Entry[] = []
  /** Entries before this index are dropped; they are cut off in one go when they are half of all. */
  #first = 0
  #bytes = 0
  #head: LogHead
  #strip: Strip
  /** Bytes that several readers want: pieces by wire and cursor, resets and snapshot. Valid for one head. */
  readonly #shared = new Map<string, { bytes: Buffer; through: number }>()

  constructor(feed: FeedTitle, loaded: LoadedFeed, limits: { events: number; bytes: number }) {
    this.feed = feed
    this.#maxEvents = limits.events
    this.#maxBytes = limits.bytes
    this.#head = loaded.head
    this.#strip = stripOf(loaded.strip)
    for (const entry of loaded.entries) this.#push(entry, JSON.parse(entry.json) as EventFrame)
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

  /** A cursor before this seq cannot be resumed. */
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
    this.#shared.clear()
    return event
  }

  chainAt(seq: number): string | undefined {
    return seq === this.#head.seq ? this.#head.chain : this.#at(seq)?.chain
  }

  /** What it holds, oldest first. */
  events(): { seq: number; chain: string; event: EventFrame }[] {
    return this.#entries
      .slice(this.#first)
      .map(({ seq, chain, json }) => ({ seq, chain, event: JSON.parse(json) as EventFrame }))
  }

  /** Event frames (JSON) with `after` < seq, oldest first. */
  jsonAfter(after: number, limit: number): string[] {
    const start = this.#first + (after + 1 - this.earliest)
    return this.#entries.slice(start, start + limit).map(({ json }) => json)
  }

  /** The bytes that follow a cursor, no further than `through`, in a piece of bounded size. */
  piece(wire: Wire, after: number, through: number): { bytes: Buffer; through: number } {
    if (through === after + 1) return { bytes: this.#bytesOf(this.#expect(through), wire), through }
    const key = `${wire} ${after} ${through}`
    return this.#share(key, () => this.#join(wire, after, through))
  }

  reset(wire: Wire, reason: ResetReason): Buffer {
    return this.#share(`${wire} ${reason}`, () => {
      const json = JSON.stringify(this.resetFrame(reason))
      return { bytes: encode(wire, json, this.position), through: this.#head.seq }
    }).bytes
  }

  resetFrame(reason: ResetReason): ResetFrame {
    return { type: 'reset', reason, position: this.position, strip: inOrder(this.#strip) }
  }

  snapshot(stale: boolean): Buffer {
    return this.#share(`snapshot ${stale}`, () => {
      const snapshot: Snapshot = {
        feed: this.feed,
        position: this.position,
        strip: inOrder(this.#strip),
        ...(stale && { stale }),
      }
      return { bytes: Buffer.from(JSON.stringify(snapshot)), through: this.#head.seq }
    }).bytes
  }

  #push({ seq, chain, json }: LogEntry, event: EventFrame): void {
    const headlineId = event.headline.id
    if (event.op === 'withdraw') this.#redact(headlineId)
    const ws = encode('ws', json)
    this.#entries.push({ seq, chain, headlineId, json, ws, sse: undefined })
    this.#bytes += ws.length
    while (this.#entries.length - this.#first > this.#maxEvents || this.#bytes > this.#maxBytes) {
      this.#bytes -= this.#entries[this.#first]?.ws.length ?? 0
      this.#first++
    }
    if (this.#first > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#first)
      this.#first = 0
    }
  }

  /** A withdrawn line's words leave the past too: who replays it later meets the events without them. */
  #redact(headlineId: string): void {
    for (let index = this.#first; index < this.#entries.length; index++) {
      const entry = this.#entries[index]
      if (entry?.headlineId !== headlineId) continue
      const event = JSON.parse(entry.json) as EventFrame
      entry.json = JSON.stringify({ ...event, headline: withoutWords(event) })
      this.#bytes -= entry.ws.length
      entry.ws = encode('ws', entry.json)
      this.#bytes += entry.ws.length
      entry.sse = undefined
    }
  }

  #join(wire: Wire, after: number, through: number): { bytes: Buffer; through: number } {
    const parts: Buffer[] = []
    let size = 0
    let seq = after
    while (seq < through && (size < PIECE_BYTES || parts.length === 0)) {
      const bytes = this.#bytesOf(this.#expect(++seq), wire)
      parts.push(bytes)
      size += bytes.length
    }
    return { bytes: Buffer.concat(parts, size), through: seq }
  }

  #bytesOf(entry: Entry, wire: Wire): Buffer {
    if (wire === 'ws') return entry.ws
    entry.sse ??= encode('sse', entry.json, formatPosition({ epoch: this.#head.epoch, seq: entry.seq }))
    return entry.sse
  }

  #share(key: string, make: () => { bytes: Buffer; through: number }): { bytes: Buffer; through: number } {
    const made = this.#shared.get(key) ?? make()
    // Cursors of many lagging readers differ: what is kept for sharing stays small.
    if (this.#shared.size > 256) this.#shared.clear()
    this.#shared.set(key, made)
    return made
  }

  #at(seq: number): Entry | undefined {
    const index = this.#first + (seq - this.earliest)
    return index < this.#first ? undefined : this.#entries[index]
  }

  #expect(seq: number): Entry {
    const entry = this.#at(seq)
    if (entry?.seq !== seq) throw new Error(`the log in memory has no seq ${seq}`)
    return entry
  }
}

function withoutWords({ headline }: EventFrame): Tombstone {
  const { id, version, place, publishedAt, updatedAt } = headline
  return { id, version, status: 'withdrawn', place, publishedAt, updatedAt }
}
