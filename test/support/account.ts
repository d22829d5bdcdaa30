import { inOrder } from '../../src/protocol/fold.ts'
import type { EventFrame, ResetFrame, Snapshot } from '../../src/protocol/frames.ts'
import { formatPosition, parsePosition, type Position } from '../../src/protocol/position.ts'
import type { Acknowledged } from './poster.ts'
import type { Reader } from './readers.ts'

/** Size of the strip (its default). */
const STRIP_LIMIT = 50

/** Result of the comparison of one reader's events with the acknowledged changes. */
export interface Account {
  readonly reader: string
  readonly events: number
  readonly lost: number
  readonly repeated: number
  readonly outOfOrder: number
  /** Resets after the first one. */
  readonly resets: number
  /** Missing events between two received ones. */
  readonly longestGapMs: number
  readonly disconnects: number
  /** All other faults. */
  readonly faults: readonly string[]
}

/** Compares the frames that a reader got with the promises; `snapshot` is the feed at the end. */
export function accountOf(
  reader: Reader,
  acknowledged: readonly Acknowledged[],
  snapshot: Snapshot,
): Account {
  const walk = new Walk(acknowledged)
  for (const { kind, frame } of reader.steps) {
    if (kind === 'reset') walk.reset(frame)
    else walk.event(frame)
  }
  walk.end(snapshot, reader)
  const times = reader.steps.filter(({ kind }) => kind === 'event').map(({ at }) => at)
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at))
  return {
    reader: reader.name,
    ...walk.counts,
    longestGapMs: Math.round(Math.max(0, ...gaps)),
    disconnects: reader.disconnects,
    faults: [...reader.contradictions, ...walk.faults],
  }
}

/** Each event must follow the one before and be the acknowledged change of its position. */
class Walk {
  readonly counts = { events: 0, lost: 0, repeated: 0, outOfOrder: 0, resets: 0 }
  readonly faults: string[] = []
  readonly #acknowledged: readonly Acknowledged[]
  readonly #withdrawn: ReadonlySet<string>
  readonly #seen = new Set<string>()
  /** Headlines whose events came without a text because they have expired; their expiry must follow. */
  readonly #toExpire = new Set<string>()
  /** The first position and the position of each reset. */
  readonly #starts: Position[] = []
  #place: Position | undefined
  /** Places of the headlines in the strip, also of those without a text because they are withdrawn later. */
  #places = new Map<string, number>()

  constructor(acknowledged: readonly Acknowledged[]) {
    this.#acknowledged = acknowledged
    this.#withdrawn = new Set(acknowledged.filter(({ op }) => op === 'withdraw').map(({ id }) => id))
  }

  reset({ position, strip }: ResetFrame): void {
    if (this.#place) this.counts.resets++
    this.#place = positionOf(position)
    this.#starts.push(this.#place)
    this.#places = new Map(strip.map(({ id, place }) => [id, place]))
  }

  event(frame: EventFrame): void {
    this.counts.events++
    this.#follow(frame.position)
    const unlike = this.#unlikePromise(frame)
    if (unlike) this.faults.push(`${frame.position} ${unlike}`)
    const { op, headline } = frame
    if (op === 'publish' || op === 'correct') this.#places.set(headline.id, headline.place)
    else this.#places.delete(headline.id)
    if (op === 'expire') this.#toExpire.delete(headline.id)
    this.#seen.add(frame.position)
  }

  end(snapshot: Snapshot, { strip }: Pick<Reader, 'strip'>): void {
    const head = positionOf(snapshot.position)
    if (this.#place?.epoch === head.epoch) this.counts.lost += this.#newestIn(head) - this.#place.seq
    else this.faults.push(`ended in epoch ${this.#place?.epoch}, the feed is at ${snapshot.position}`)
    for (const { position, op } of this.#acknowledged)
      if (
        position !== undefined &&
        !this.#seen.has(position) &&
        !this.#toldByReset(positionOf(position), head)
      )
        this.faults.push(`never got the acknowledged ${op} at ${position}`)
    for (const id of this.#toExpire) this.faults.push(`never got the expiry of ${id}`)
    if (JSON.stringify(inOrder(strip)) !== JSON.stringify(snapshot.strip))
      this.faults.push('the strip differs from the snapshot')
  }

  /** The last seq of the head's epoch, even when the gateway does not have it. */
  #newestIn({ epoch, seq }: Position): number {
    const acknowledged = this.#acknowledged.flatMap(({ position }) =>
      position ? [positionOf(position)] : [],
    )
    return Math.max(
      seq,
      ...acknowledged.filter((position) => position.epoch === epoch).map((position) => position.seq),
    )
  }

  #follow(position: string): void {
    const place = this.#place
    const next = positionOf(position)
    if (this.#seen.has(position)) this.counts.repeated++
    else if (place?.epoch !== next.epoch) this.faults.push(`${position} came without a reset`)
    else if (next.seq <= place.seq) {
      // The event was counted as lost when a later one arrived.
      this.counts.outOfOrder++
      this.counts.lost--
    } else {
      this.counts.lost += next.seq - place.seq - 1
      this.#place = next
    }
  }

  /** Whether a position is before a reset, or in an epoch that a reset has ended. */
  #toldByReset({ epoch, seq }: Position, head: Position): boolean {
    return this.#starts.some((start, index) =>
      start.epoch === epoch ? seq <= start.seq : index > 0 && start.epoch === head.epoch,
    )
  }

  /** The difference between an event and the promise of its position. */
  #unlikePromise({ position, op, headline }: EventFrame): string | undefined {
    const { id, version } = headline
    const promises = this.#acknowledged.filter((promise) => promise.position === position)
    if (op === 'expire' && promises.length === 0) return this.#unlikeStripRule(id)
    const promise = promises.find(
      (promise) => promise.id === id && promise.version === version && promise.op === op,
    )
    if (!promise) return `holds ${op} ${id} v${version}, which was not acknowledged there`
    if (op === 'withdraw' || this.#mayLackWords(headline)) return undefined
    return headline.status === 'live' && headline.text === promise.text
      ? undefined
      : `has another text than ${id}`
  }

  /** An event has no text if it is replayed after the headline was withdrawn, corrected or has expired. */
  #mayLackWords({ id, version, status }: EventFrame['headline']): boolean {
    if (status === 'withdrawn') return this.#withdrawn.has(id)
    if (status === 'superseded')
      return this.#acknowledged.some(
        (later) => later.id === id && later.op === 'correct' && later.version > version,
      )
    if (status === 'expired') this.#toExpire.add(id)
    return status === 'expired'
  }

  /** Whether this is an expiry without an editor's act: the strip was full, and one of the oldest headlines left it. */
  #unlikeStripRule(id: string): string | undefined {
    const tooMany = [...this.#places.values()].sort((a, b) => a - b).slice(0, -STRIP_LIMIT)
    const full = tooMany.includes(this.#places.get(id) ?? 0)
    return full
      ? undefined
      : `expires ${id} although the strip is not too full: ${this.#places.size} headlines`
  }
}

function positionOf(written: string): Position {
  const position = parsePosition(written)
  if (!position || formatPosition(position) !== written) throw new Error(`not a position: ${written}`)
  return position
}
