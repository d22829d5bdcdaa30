import type { LogEntry } from '../../eventlog/read-log.ts'
import { acknowledgedOps } from '../../protocol/ack.ts'
import { facetsOf, type Facets } from '../../protocol/filter.ts'
import type { EventFrame } from '../../protocol/frames.ts'
import { encode, type Wire } from '../bytes/frame-bytes.ts'

/** The objects around an entry's bytes, and the text that takes its line away. */
const OVERHEAD_BYTES = 700
/** Its JSON as text, and framed for two kinds of connection. */
const COPIES = 3

type Framed = Partial<Record<Wire, Buffer>>

/** One event in memory, framed at most once for each kind of connection. */
export class HeldEntry {
  readonly seq: number
  readonly chain: string
  readonly headlineId: string
  /** Bytes that it may take; not less when it is redacted. */
  readonly size: number
  /** Whether a reader can have the line already: only a first release brings one that nobody has. */
  readonly first: boolean
  /** Whether it must clear every screen. */
  readonly clears: boolean
  /** Undefined once the line shows nowhere: such an event is for everybody. */
  facets: Facets | undefined
  #json: string
  #whole: Framed = {}
  #leaving: Framed = {}
  #leavingJson: string | undefined

  constructor({ seq, chain, json }: LogEntry, event: EventFrame) {
    this.seq = seq
    this.chain = chain
    this.headlineId = event.headline.id
    this.size = COPIES * Buffer.byteLength(json) + OVERHEAD_BYTES
    this.first = event.op === 'publish'
    this.clears = acknowledgedOps.has(event.op)
    this.facets = event.headline.status === 'live' ? facetsOf(event.headline) : undefined
    this.#json = json
  }

  get json(): string {
    return this.#json
  }

  get event(): EventFrame {
    return JSON.parse(this.#json) as EventFrame
  }

  /** For readers whose filter the line does not pass (any more): takes it from them without showing it. */
  get leavingJson(): string {
    return (this.#leavingJson ??= this.#leave())
  }

  bytes(wire: Wire, position: string): Buffer {
    return (this.#whole[wire] ??= encode(wire, this.#json, position))
  }

  leavingBytes(wire: Wire, position: string): Buffer {
    return (this.#leaving[wire] ??= encode(wire, this.leavingJson, position))
  }

  /** A withdrawn line's words leave the past too: who replays it later meets the event without them. */
  redact(): void {
    const { headline, ...event } = this.event
    const { id, version, place, publishedAt, updatedAt } = headline
    const tombstone = { id, version, status: 'withdrawn', place, publishedAt, updatedAt } as const
    this.#json = JSON.stringify({ ...event, headline: tombstone } satisfies EventFrame)
    this.facets = undefined
    this.#whole = {}
    this.#leaving = {}
    this.#leavingJson = undefined
  }

  #leave(): string {
    const { type, position, at, headline } = this.event
    const { id, version, place, publishedAt, updatedAt } = headline
    const tombstone = { id, version, status: 'filtered', place, publishedAt, updatedAt } as const
    return JSON.stringify({ type, position, op: 'leave', at, headline: tombstone } satisfies EventFrame)
  }
}
