import type { LogEntry } from '../../eventlog/read-log.ts'
import { acknowledgedOps } from '../../protocol/ack.ts'
import { facetsOf, type Facets } from '../../protocol/filter.ts'
import type { EventFrame } from '../../protocol/frames.ts'
import type { Tombstone } from '../../protocol/headline.ts'
import { opsThat } from '../../protocol/lists/ops.ts'
import { withMark } from '../../protocol/position.ts'
import { encode, type Wire } from '../bytes/frame-bytes.ts'

/** An entry's objects around its bytes, and its `leave` event. */
const OVERHEAD_BYTES = 700
/** The event's JSON as a string, and its bytes for two kinds of connection. */
const COPIES = 3

const WORD_KEEPERS = opsThat(({ keepsWords }) => keepsWords)

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
  /** How this event redacts the earlier events of its headline; undefined if these go on showing its words. */
  readonly redactsEarlierAs: Tombstone['status'] | undefined
  /** Undefined if the event takes the headline out, or a later event has: such an event passes every filter. */
  facets: Facets | undefined
  /** The mark of its position; undefined while no reader has needed it, and while the gateway sends no marks. */
  mark: string | undefined
  #json: string
  #redactedAs: Tombstone['status'] | undefined
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
    const { status } = event.headline
    this.redactsEarlierAs = WORD_KEEPERS.has(event.op) ? undefined : status === 'live' ? 'superseded' : status
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
    return (this.#wholeBytes[wire] ??= this.#encode(wire, this.#json, position))
  }

  leavingBytes(wire: Wire, position: string): Buffer {
    return (this.#leavingBytes[wire] ??= this.#encode(wire, this.leavingJson, position))
  }

  /** One of the event's texts as readers get it: with the mark, which the log does not hold. */
  marked(json: string): string {
    return this.mark === undefined ? json : `${json.slice(0, -1)},"mark":"${this.mark}"}`
  }

  /**
   * Removes the words from this event, so that no later replay shows them: the headline has been taken out, or another
   * event shows it now. `status` says which.
   */
  redact(status: Tombstone['status']): void {
    // A headline that is pinned again and again has many such events.
    if (this.#redactedAs === status) return
    this.#redactedAs = status
    const { headline, ...event } = this.event
    const { id, version, place, publishedAt, updatedAt } = headline
    const tombstone = { id, version, status, place, publishedAt, updatedAt } as const
    this.#json = JSON.stringify({ ...event, headline: tombstone } satisfies EventFrame)
    // The line may still show to a reader with any filter, if it has been taken out. If not, a later event goes to those
    // readers, so this one goes to the readers to whom it went before.
    if (status !== 'superseded') this.facets = undefined
    this.#wholeBytes = {}
    this.#leavingBytes = {}
    this.#leavingJson = undefined
  }

  #encode(wire: Wire, json: string, position: string): Buffer {
    return encode(wire, this.marked(json), withMark(position, this.mark))
  }

  #leaveEventJson(): string {
    const { type, position, at, headline } = this.event
    const { id, version, place, publishedAt, updatedAt } = headline
    const tombstone = { id, version, status: 'filtered', place, publishedAt, updatedAt } as const
    return JSON.stringify({ type, position, op: 'leave', at, headline: tombstone } satisfies EventFrame)
  }
}
