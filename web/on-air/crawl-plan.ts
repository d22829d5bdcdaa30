import { Rotation } from './rotation.ts'

/** Lines are placed so far behind the edge, so that the browser has drawn them when they enter. */
const AHEAD_PIXELS = 300
/** After so much all places are counted anew: far from the view, browsers round places. */
const LAP_PIXELS = 100_000

/** A line as the crawl places it. */
export interface CrawlLine {
  readonly id: string
  /** Another one when the words change. */
  readonly key: string
  /** Width in whole pixels, with the mark that separates it from the next line; undefined until it is measured. */
  readonly size: number | undefined
}

/** A line on the belt. */
export interface PlacedLine {
  /** The number of this passage; a line that passes again has another one. */
  readonly passage: number
  readonly id: string
  readonly key: string
  /** Pixels from the beginning of the belt. */
  readonly place: number
  readonly size: number
  /** Its new words are not measured yet: nothing of it shows. */
  readonly isBlank: boolean
}

/**
 * The places of lines on a belt that moves by whole pixels. A line that is in view never changes its place: one that is
 * taken out leaves a gap, which moves out of the picture, and the lines that have not entered yet close up.
 */
export class CrawlPlan {
  readonly #rotation = new Rotation()
  #lines: ReadonlyMap<string, CrawlLine> = new Map()
  #placed: readonly PlacedLine[] = []
  #view = 0
  #offset = 0
  #passage = 0

  /** The lines on the belt, in the order in which they enter. */
  get placed(): readonly PlacedLine[] {
    return this.#placed
  }

  /** Pixels by which the belt has moved. */
  get offset(): number {
    return this.#offset
  }

  /** Sets the width of the view in pixels. */
  resize(view: number): void {
    this.#view = view
    this.#fill()
  }

  /** Takes the lines in display order. */
  update(lines: readonly CrawlLine[]): void {
    this.#lines = new Map(lines.map((line) => [line.id, line]))
    this.#placed = this.#placed.flatMap((item, index) => this.#kept(item, index) ?? [])
    this.#rotation.update(lines.filter(({ size }) => size !== undefined).map(({ id }) => id))
    this.#fill()
  }

  /** Moves the belt. */
  advance(pixels: number): void {
    for (let left = pixels; left > 0; left -= AHEAD_PIXELS) this.#advance(Math.min(left, AHEAD_PIXELS))
  }

  /** No further than lines are placed: the next one would leave a gap. */
  #advance(pixels: number): void {
    this.#offset += pixels
    // The same list while nothing has passed, by which the look sees that it has only to move the belt.
    const [next] = this.#placed
    if (next && next.place + next.size <= this.#offset) this.#placed = this.#placed.slice(1)
    if (this.#offset >= LAP_PIXELS) {
      this.#placed = this.#placed.map((item) => ({ ...item, place: item.place - this.#offset }))
      this.#offset = 0
    }
    this.#fill()
  }

  /** Whether a part of the item is in view. */
  sees({ place, size }: PlacedLine): boolean {
    return place < this.#edge && place + size > this.#offset
  }

  /** The place on the belt at which lines enter. */
  get #edge(): number {
    return this.#offset + this.#view
  }

  #kept(item: PlacedLine, index: number): PlacedLine | undefined {
    const line = this.#lines.get(item.id)
    // A line that has not entered yet is placed again: the one in front of it may have gone.
    if (!line || item.place >= this.#edge) {
      this.#rotation.forget(item.id)
      return undefined
    }
    if (line.key === item.key && !item.isBlank) return item
    if (line.size === undefined) return { ...item, key: line.key, isBlank: true }
    const follower = this.#placed[index + 1]
    const room = follower && follower.place < this.#edge ? follower.place - item.place : Infinity
    // New words whose beginning would be out of the picture enter again as a whole.
    if (line.size <= room && item.place >= this.#offset)
      return { ...item, key: line.key, size: line.size, isBlank: false }
    this.#rotation.forget(item.id)
    return undefined
  }

  #fill(): void {
    if (this.#view === 0) return
    for (;;) {
      const last = this.#placed.at(-1)
      const place = Math.max(last ? last.place + last.size : 0, this.#edge)
      if (place > this.#edge + AHEAD_PIXELS) return
      const line = this.#lines.get(this.#rotation.next() ?? '')
      if (!line?.size) return
      const { id, key, size } = line
      this.#placed = [...this.#placed, { passage: ++this.#passage, id, key, place, size, isBlank: false }]
    }
  }
}
