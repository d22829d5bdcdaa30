import type { FeedTitle } from '../../protocol/feed.ts'
import { facetsOf, filterKey, matches, type Filter } from '../../protocol/filter.ts'
import { inOrder } from '../../protocol/fold.ts'
import type { Page, ResetFrame, ResetReason, Snapshot, FeedState } from '../../protocol/frames.ts'
import type { LiveHeadline } from '../../protocol/headline.ts'
import { formatPosition, type Position } from '../../protocol/position.ts'
import type { FeedLog } from './feed-log.ts'
import type { HeldEntry } from './held-entry.ts'
import { SharedBytes } from './shared-bytes.ts'
import { encode, type Wire } from '../bytes/frame-bytes.ts'

/**
 * One write of a long catch-up: about what a slow reader keeps waiting at the most, and small enough to be taken
 * within SLOW_READER_MS at 1 KB/s.
 */
const PIECE_BYTES = 16 * 1024
/** Cursors of lagging readers differ, and there may be many filters: what is kept for sharing stays small. */
const SHARED_BYTES = 1024 * 1024
const SHARED_FILTERED_BYTES = 32 * 1024
const PIECE_OVERHEAD_BYTES = 200

/** What follows a cursor, as far as one write goes. */
export interface Piece {
  /** Empty where the filter lets nothing of it through. */
  readonly bytes: Buffer
  readonly events: number
  /** The events of it that are given, not taken away, by seq. */
  readonly given: readonly number[]
  /** The cursor after it. */
  readonly through: number
  /** That it was written to in the slice that runs. */
  readers: number
}

/**
 * A feed's log through one filter. What to give is decided once for all readers with that filter, and its bytes
 * are theirs in common.
 */
export class FilteredView {
  readonly key: string
  /** Readers that look through it. */
  readers = 0
  readonly #title: FeedTitle
  readonly #log: FeedLog
  readonly #filter: Filter | undefined
  #revision = -1
  readonly #pieces = new Map<string, Piece>()
  #piecesBytes = 0
  /** Nearly all readers stand at the same place: the last answer is usually the next one. */
  #last: { wire: Wire; after: number; upTo: number; piece: Piece } | undefined
  readonly #shared: SharedBytes

  /** `shared` with the feed's other views. */
  constructor(title: FeedTitle, log: FeedLog, filter: Filter, shared = new SharedBytes(log)) {
    this.key = filterKey(filter)
    this.#title = title
    this.#log = log
    this.#filter = this.key === '' ? undefined : filter
    this.#shared = shared
  }

  /** The bytes that follow a cursor, no further than `through`. */
  piece(wire: Wire, after: number, through: number): Piece {
    this.#refresh()
    const last = this.#last
    if (last?.after === after && last.upTo === through && last.wire === wire) return last.piece
    const key = `${wire} ${after} ${through}`
    let piece = this.#pieces.get(key)
    if (!piece) {
      piece = this.#join(wire, after, through)
      this.#keep(key, piece)
    }
    this.#last = { wire, after, upTo: through, piece }
    return piece
  }

  reset(wire: Wire, reason: ResetReason): Buffer {
    return this.#shared.get(`${wire} ${reason} ${this.key}`, () =>
      encode(wire, JSON.stringify(this.#resetFrame(reason)), this.#log.position),
    )
  }

  /** A `Snapshot` (protocol/frames.ts). */
  snapshot(feedState: FeedState): Buffer {
    return this.#shared.get(`snapshot ${JSON.stringify(feedState)} ${this.key}`, () => {
      const { position } = this.#log
      const snapshot: Snapshot = {
        feed: this.#title,
        position,
        strip: this.strip(),
        ...feedState,
      }
      return Buffer.from(JSON.stringify(snapshot))
    })
  }

  /** The lines that show, in their order. */
  strip(): LiveHeadline[] {
    const lines = inOrder(this.#log.strip)
    const filter = this.#filter
    return filter ? lines.filter((line) => matches(filter, facetsOf(line))) : lines
  }

  /**
   * A `Page` (protocol/frames.ts) as JSON, put together from the frames as they lie in memory. `reached`: where to go on.
   */
  page(
    after: Position | undefined,
    limit: number,
    feedState: FeedState = {},
  ): { json: string; events: number; given: readonly number[]; reset: boolean; reached: Position } {
    const found = after ? this.#log.locate(after) : 'start'
    if (!after || found !== 'here') {
      const reset = this.#resetFrame(found === 'here' ? 'start' : found)
      const page: Page = { position: reset.position, reset, events: [], more: false, ...feedState }
      return { json: JSON.stringify(page), events: 0, given: [], reset: true, reached: this.#log.head }
    }
    const { epoch, seq: last } = this.#log.head
    const events: string[] = []
    const given: number[] = []
    let { seq } = after
    while (seq < last && events.length < limit) {
      const entry = this.#log.at(++seq)
      const fate = this.#fateOf(entry)
      if (fate === 'give') given.push(seq)
      if (fate !== 'skip') events.push(fate === 'give' ? entry.json : entry.leavingJson)
    }
    const told = JSON.stringify({ more: seq < last, ...feedState })
    const reached = { epoch, seq }
    const json = `{"position":"${formatPosition(reached)}","events":[${events.join()}],${told.slice(1)}`
    return { json, events: events.length, given, reset: false, reached }
  }

  #resetFrame(reason: ResetReason): ResetFrame {
    return { type: 'reset', reason, position: this.#log.position, strip: this.strip() }
  }

  /**
   * An event of a line that shows nowhere goes to all: any of them may hold it. A line that does not fit (any
   * more) is taken away, except by its first release, before which nobody can have had it.
   */
  #fateOf({ facets, first }: HeldEntry): 'give' | 'leave' | 'skip' {
    if (!this.#filter || !facets || matches(this.#filter, facets)) return 'give'
    return first ? 'skip' : 'leave'
  }

  #join(wire: Wire, after: number, through: number): Piece {
    const { epoch } = this.#log.head
    const parts: Buffer[] = []
    const given: number[] = []
    let size = 0
    let seq = after
    while (seq < through && size < PIECE_BYTES) {
      const entry = this.#log.at(++seq)
      const fate = this.#fateOf(entry)
      if (fate === 'skip') continue
      if (fate === 'give') given.push(seq)
      const position = formatPosition({ epoch, seq })
      const bytes = fate === 'give' ? entry.bytes(wire, position) : entry.leavingBytes(wire, position)
      parts.push(bytes)
      size += bytes.length
    }
    const [only] = parts
    const bytes = only && parts.length === 1 ? only : Buffer.concat(parts, size)
    return { bytes, events: parts.length, given, through: seq, readers: 0 }
  }

  #keep(key: string, piece: Piece): void {
    const limit = this.#filter ? SHARED_FILTERED_BYTES : SHARED_BYTES
    if (this.#piecesBytes > limit) this.#forgetPieces()
    this.#pieces.set(key, piece)
    this.#piecesBytes += PIECE_OVERHEAD_BYTES + piece.bytes.length
  }

  #forgetPieces(): void {
    this.#pieces.clear()
    this.#piecesBytes = 0
  }

  #refresh(): void {
    if (this.#revision === this.#log.revision) return
    this.#revision = this.#log.revision
    this.#last = undefined
    this.#forgetPieces()
  }
}
