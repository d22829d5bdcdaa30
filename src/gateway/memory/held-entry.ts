import type { LogEntry } from '../../eventlog/read-log.ts'
import { acknowledgedOps } from '../../protocol/ack.ts'
import { facetsOf, type Facets } from '../../protocol/filter.ts'
import type { EventFrame } from '../../protocol/frames.ts'
import { encode, type Wire } from '../bytes/frame-bytes.ts'

/** An entry's objects around its bytes, and its `leave` event. */
const OVERHEAD_BYTES = 700
/** The event's JSON as a string, and its bytes for two kinds of connection. */
const COPIES = 3

type Framed = Partial<Record<Wire, Buffer>>

/** One event in memory, encoded at most once for each kind of connection. */
export class HeldEntry {
  readonly seq: number
  readonly chain: string
  readonly headlineId: string
  /** The most bytes of memory that the entry may take; the number stays when the entry is redacted. */
  readonly size: number
  /** Whether this event releases the headline for the first time, so that no reader can show the headline yet. */
  readonly isFirstRelease: boolean
  /** Whether readers acknowledge the event: it must clear the old text from every screen. */
  readonly mustClear: boolean
  /** Undefined once the headline shows no more: such an event passes every filter. */
  facets: Facets | undefined
  #json: string
  #wholeBytes: Framed = {}
  #leavingBytes: Framed = {}
  #leavingJson: string | undefined

  constructor({ seq, chain, json }: LogEntry, event: EventFrame) {
    this.seq = seq
    this.chain = chain
    this.headlineId = event.headline.id
    this.size = COPIES * Buffer.byteLength(json) + OVERHEAD_BYTES
    this.isFirstRelease = event.op === 'publish'
    this.mustClear = acknowledgedOps.has(event.op)
    this.facets = event.headline.status === 'live' ? facetsOf(event.headline) : undefined
    this.#json = json
  }

  get json(): string {
    return this.#json
  }

  get event(): EventFrame {
    return JSON.parse(this.#json) as EventFrame
  }

  /** The `leave` event for readers whose filter the headline does not match (any more): it removes it unseen. */
  get leavingJson(): string {
    return (this.#leavingJson ??= this.#leaveEventJson())
  }

  bytes(wire: Wire, position: string): Buffer {
    return (this.#wholeBytes[wire] ??= encode(wire, this.#json, position))
  }

  leavingBytes(wire: Wire, position: string): Buffer {
    return (this.#leavingBytes[wire] ??= encode(wire, this.leavingJson, position))
  }

  /** Removes the text of a withdrawn headline from this earlier event, so that no later replay shows it. */
  redact(): void {
    const { headline, ...event } = this.event
    const { id, version, place, publishedAt, updatedAt } = headline
    const tombstone = { id, version, status: 'withdrawn', place, publishedAt, updatedAt } as const
    this.#json = JSON.stringify({ ...event, headline: tombstone } satisfies EventFrame)
    this.facets = undefined
    this.#wholeBytes = {}
    this.#leavingBytes = {}
    this.#leavingJson = undefined
  }

  #leaveEventJson(): string {
    const { type, position, at, headline } = this.event
    const { id, version, place, publishedAt, updatedAt } = headline
    const tombstone = { id, version, status: 'filtered', place, publishedAt, updatedAt } as const
    return JSON.stringify({ type, position, op: 'leave', at, headline: tombstone } satisfies EventFrame)
  }
}
