import type { FeedTitle } from '../../protocol/feed.ts'
import { facetsOf, filterKey, matches, type Filter } from '../../protocol/filter.ts'
import { inOrder } from '../../protocol/fold.ts'
import type { FeedState, Page, ResetFrame } from '../../protocol/frames.ts'
import { cursorOf, resetFrame, resetPage, snapshotOf } from '../../protocol/reader-frames.ts'
import type { ResetReason } from '../../protocol/lists/reset-reasons.ts'
import type { LiveHeadline } from '../../protocol/headline.ts'
import { formatPosition, type MarkedPosition, type Position } from '../../protocol/position.ts'
import type { FeedLog } from './feed-log.ts'
import type { HeldEntry } from './held-entry.ts'
import { SharedBytes } from './shared-bytes.ts'
import { stripParts } from './strip-parts.ts'
import { encode, type Wire } from '../bytes/frame-bytes.ts'

/**
 * Bytes of one write in a long catch-up: a slow reader keeps about so many waiting. They are few enough to be received
 * within SLOW_READER_MS at 1 KB/s.
 */
const PIECE_BYTES = 16 * 1024
/** Limits of the cache of pieces, since lagging readers have many cursors, and there may be many filters. */
const SHARED_BYTES = 1024 * 1024
const SHARED_FILTERED_BYTES = 32 * 1024
const PIECE_OVERHEAD_BYTES = 200

/** The events after a cursor, as many as one write takes, as the bytes that all readers at that cursor share. */
export interface Piece {
  /** Empty if the filter lets none of the events through. */
  readonly bytes: Buffer
  readonly events: number
  /** The seqs of the events that the piece shows to readers, without its `leave` events. */
  readonly deliveredSeqs: readonly number[]
  /** The reader's cursor after this piece. */
  readonly through: number
  /** The number of readers to whom the piece was written in the current slice. */
  readers: number
}

/**
 * A feed's log through one filter. Which events to send is decided once for all readers with that filter, and they
 * share the bytes.
 */
export class FilteredView {
  readonly key: string
  /** The number of readers with this filter. */
  readers = 0
  readonly #title: FeedTitle
  readonly #log: FeedLog
  readonly #filter: Filter | undefined
  #revision = -1
  readonly #pieces = new Map<string, Piece>()
  #piecesBytes = 0
  /** The piece that was returned last. Nearly all readers have the same cursor, so it is usually the next one too. */
  #last: { wire: Wire; after: number; upTo: number; piece: Piece } | undefined
  readonly #shared: SharedBytes

  /** `shared`: the cache that all views of the feed use. */
  constructor(title: FeedTitle, log: FeedLog, filter: Filter, shared = new SharedBytes(log)) {
    this.key = filterKey(filter)
    this.#title = title
    this.#log = log
    this.#filter = this.key === '' ? undefined : filter
    this.#shared = shared
  }

  /** The piece after a cursor, up to `through` at the most. */
  piece(wire: Wire, after: number, through: number): Piece {
    this.#refresh()
    const last = this.#last
    if (last?.after === after && last.upTo === through && last.wire === wire) return last.piece
    const key = `${wire} ${after} ${through}`
    let piece = this.#pieces.get(key)
    if (!piece) {
      piece = this.#build(wire, after, through)
      this.#cache(key, piece)
    }
    this.#last = { wire, after, upTo: through, piece }
    return piece
  }

  /** One `reset` with the whole strip. `inParts`: several, none of which is above 32 KB. */
  reset(wire: Wire, reason: ResetReason, inParts = false): Buffer {
    return this.#shared.get(`${wire} ${reason} ${inParts ? 'parts ' : ''}${this.key}`, () => {
      const whole = this.#resetFrame(reason)
      const parts = inParts ? stripParts(whole.strip) : [whole.strip]
      const last = parts.length - 1
      return Buffer.concat(
        parts.map((strip, n) => {
          const frame: ResetFrame = { ...whole, strip, ...(n < last && { more: true }) }
          // A reader that resumes in the middle of the parts holds no strip yet, so only the last has an id.
          return encode(wire, JSON.stringify(frame), n < last ? undefined : this.#log.markedPosition)
        }),
      )
    })
  }

  /** A `Snapshot` (protocol/frames.ts). `title`: the present one, if it has changed. */
  snapshot(feedState: FeedState, title = this.#title): Buffer {
    return this.#shared.get(
      `snapshot ${JSON.stringify(feedState)} ${title.numbering} ${title.words} ${this.key}`,
      () => {
        return Buffer.from(JSON.stringify(snapshotOf(title, this.#log, this.strip(), feedState)))
      },
    )
  }

  /** The headlines that show, in the order of the strip. */
  strip(): LiveHeadline[] {
    const headlines = inOrder(this.#log.strip)
    const filter = this.#filter
    return filter ? headlines.filter((headline) => matches(filter, facetsOf(headline))) : headlines
  }

  /**
   * A `Page` (protocol/frames.ts) as JSON, joined from the frames in memory. `reached`: the reader's next cursor.
   *
   * @param feed comes with a `reset`
   */
  page(
    after: MarkedPosition | undefined,
    limit: number,
    feedState: Pick<Page, 'serverTime' | 'feed' | 'stale' | 'frozen'> = {},
    feed?: FeedTitle,
  ): { json: string; events: number; deliveredSeqs: readonly number[]; reset: boolean; reached: Position } {
    const found = after ? this.#log.locate(after) : 'start'
    if (!after || found !== 'here') {
      const reset = this.#resetFrame(found === 'here' ? 'start' : found)
      return {
        json: JSON.stringify(resetPage(reset, { ...(feed && { feed }), ...feedState })),
        events: 0,
        deliveredSeqs: [],
        reset: true,
        reached: this.#log.head,
      }
    }
    const { epoch, seq: last } = this.#log.head
    const events: string[] = []
    const deliveredSeqs: number[] = []
    let { seq } = after
    while (seq < last && events.length < limit) {
      const entry = this.#log.at(++seq)
      const form = this.#formOf(entry)
      if (form === 'skip') continue
      if (form === 'whole') deliveredSeqs.push(seq)
      this.#log.markAt(seq)
      events.push(entry.marked(form === 'whole' ? entry.json : entry.leavingJson))
    }
    const rest = JSON.stringify({ more: seq < last, ...feedState })
    const reached = { epoch, seq }
    const cursor = JSON.stringify(
      cursorOf({ position: formatPosition(reached), mark: this.#log.markAt(seq) }),
    )
    const json = `${cursor.slice(0, -1)},"events":[${events.join()}],${rest.slice(1)}`
    return { json, events: events.length, deliveredSeqs, reset: false, reached }
  }

  #resetFrame(reason: ResetReason): ResetFrame {
    return resetFrame(reason, this.#log, this.strip())
  }

  /**
   * In which form readers with this filter get an event. All of them get events of headlines that show no more, since
   * any
   * of them may still show one. If a headline does not match (any more), the event is sent as `leave`; its first
   * release
   * is skipped, since no reader can show the headline yet.
   */
  #formOf({ facets, isFirstRelease }: HeldEntry): 'whole' | 'leave' | 'skip' {
    if (!this.#filter || !facets || matches(this.#filter, facets)) return 'whole'
    return isFirstRelease ? 'skip' : 'leave'
  }

  #build(wire: Wire, after: number, through: number): Piece {
    const { epoch } = this.#log.head
    const parts: Buffer[] = []
    const deliveredSeqs: number[] = []
    let size = 0
    let seq = after
    while (seq < through && size < PIECE_BYTES) {
      const entry = this.#log.at(++seq)
      const form = this.#formOf(entry)
      if (form === 'skip') continue
      if (form === 'whole') deliveredSeqs.push(seq)
      this.#log.markAt(seq)
      const position = formatPosition({ epoch, seq })
      const bytes = form === 'whole' ? entry.bytes(wire, position) : entry.leavingBytes(wire, position)
      parts.push(bytes)
      size += bytes.length
    }
    const [only] = parts
    const bytes = only && parts.length === 1 ? only : Buffer.concat(parts, size)
    return { bytes, events: parts.length, deliveredSeqs, through: seq, readers: 0 }
  }

  #cache(key: string, piece: Piece): void {
    const limit = this.#filter ? SHARED_FILTERED_BYTES : SHARED_BYTES
    if (this.#piecesBytes > limit) this.#clearCache()
    this.#pieces.set(key, piece)
    this.#piecesBytes += PIECE_OVERHEAD_BYTES + piece.bytes.length
  }

  #clearCache(): void {
    this.#pieces.clear()
    this.#piecesBytes = 0
  }

  #refresh(): void {
    if (this.#revision === this.#log.revision) return
    this.#revision = this.#log.revision
    this.#last = undefined
    this.#clearCache()
  }
}
