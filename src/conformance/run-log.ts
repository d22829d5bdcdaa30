import { randomBytes } from 'node:crypto'
import { fold, inOrder, type Strip } from '../protocol/fold.ts'
import type { EventFrame } from '../protocol/frames.ts'
import type { Headline, LiveHeadline, Tombstone } from '../protocol/headline.ts'
import type { Op } from '../protocol/lists/ops.ts'
import type { ResetReason } from '../protocol/lists/reset-reasons.ts'
import { formatPosition, type MarkedPosition } from '../protocol/position.ts'
import type { Cursor } from '../protocol/reader-frames.ts'

const EPOCH_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The log of one run: invented headlines, in memory, with positions and marks as a feed has them. */
export class RunLog {
  readonly #epoch = Array.from(randomBytes(8), (byte) => EPOCH_LETTERS[byte % EPOCH_LETTERS.length]).join('')
  readonly #events: EventFrame[] = []
  #strip: Strip = new Map()

  get head(): Cursor {
    const newest = this.#events.at(-1)
    return newest ?? { position: formatPosition({ epoch: this.#epoch, seq: 0 }) }
  }

  get seq(): number {
    return this.#events.length
  }

  strip(): LiveHeadline[] {
    return inOrder(this.#strip)
  }

  publish(text: string): LiveHeadline {
    const at = new Date().toISOString()
    const headline: LiveHeadline = {
      id: randomBytes(16).toString('base64url'),
      version: 1,
      status: 'live',
      place: this.seq + 1,
      publishedAt: at,
      updatedAt: at,
      text,
      urgency: 'routine',
      regions: [],
      tags: [],
    }
    this.append('publish', headline)
    return headline
  }

  correct(headline: LiveHeadline, text: string): LiveHeadline {
    const at = new Date().toISOString()
    const corrected = { ...headline, version: headline.version + 1, updatedAt: at, corrected: at, text }
    this.append('correct', { ...corrected, note: 'The first words were wrong.' })
    return corrected
  }

  take(op: 'withdraw' | 'expire', headline: LiveHeadline): void {
    this.append(op, tombstone(headline, op === 'withdraw' ? 'withdrawn' : 'expired'))
  }

  /** `op` may be one that no reader knows. */
  append(op: Op, headline: Headline): EventFrame {
    const event: EventFrame = {
      type: 'event',
      position: formatPosition({ epoch: this.#epoch, seq: this.seq + 1 }),
      mark: `${randomBytes(4).toString('hex')}${randomBytes(6).toString('base64url').slice(0, 6)}`,
      op,
      at: new Date().toISOString(),
      headline,
    }
    this.#events.push(event)
    this.#strip = fold(this.#strip, event)
    return event
  }

  /** The newest event, as it was released. */
  newest(): EventFrame {
    const event = this.#events.at(-1)
    if (!event) throw new Error('the log has no event')
    return event
  }

  /** The line at the end of the strip. */
  oldest(): LiveHeadline {
    const line = this.strip().at(-1)
    if (!line) throw new Error('the strip is empty')
    return line
  }

  /** The event of a headline's first release, with the words of then. */
  firstOf({ id }: Headline): EventFrame {
    const event = this.#events.find(({ headline }) => headline.id === id)
    if (!event) throw new Error('the log has no such headline')
    return event
  }

  /** The events after a seq, as they were released. */
  since(seq: number): readonly EventFrame[] {
    return this.#events.slice(seq)
  }

  /** The events after a position, with the words that show now; or why the reader gets the whole strip. */
  after(from: MarkedPosition | undefined): readonly EventFrame[] | ResetReason {
    if (!from) return 'start'
    if (from.epoch !== this.#epoch) return 'epoch'
    if (from.seq > this.seq) return 'range'
    const mark = this.#events[from.seq - 1]?.mark
    if (from.mark !== undefined && mark !== undefined && from.mark !== mark) return 'mark'
    return this.#events.slice(from.seq).map((event, index) => this.#asReplayed(event, from.seq + index))
  }

  /** An earlier event loses its words to a later one of the same headline (PROTOCOL.md, folding). */
  #asReplayed(event: EventFrame, index: number): EventFrame {
    const { headline } = event
    if (headline.status !== 'live') return event
    const later = this.#events.slice(index + 1).filter((each) => each.headline.id === headline.id)
    if (later.length === 0) return event
    const gone = later.find((each) => each.headline.status !== 'live')
    const status = gone ? (gone.headline.status as Tombstone['status']) : 'superseded'
    return { ...event, headline: tombstone(headline, status) }
  }
}

function tombstone(
  { id, version, place, publishedAt }: LiveHeadline,
  status: Tombstone['status'],
): Tombstone {
  return { id, version: version + 1, status, place, publishedAt, updatedAt: new Date().toISOString() }
}
