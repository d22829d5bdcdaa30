import { element } from '../lines/element.ts'
import type { Look, LookDeps } from './look.ts'
import type { OnAirLine } from './on-air-line.ts'
import { Rotation } from './rotation.ts'
import { splitWords } from './split-words.ts'

/** A page shows for at least so long. */
const LEAST_MS = 3_000
/** A page moves in over so many frames. */
const MOVE_FRAMES = 10
/** Room for rounding: a canvas measures a little differently than a page. */
const SLACK = 0.97

export interface FlipOptions {
  /** Rows of one page. */
  readonly rows: 1 | 2
  /** Whether a page moves in; otherwise it is there at once. */
  readonly moves: boolean
  /** Shows the label outside of the rows; undefined: it stands before the words. */
  readonly labelBox?: HTMLElement
}

/** A page of a line. */
interface Page {
  readonly line: OnAirLine
  readonly index: number
  readonly rows: readonly string[]
  readonly isLast: boolean
}

/** Shows one line at a time, in pages if it is long, each for as long as its words take to read. */
export class FlipLook implements Look {
  readonly #deps: LookDeps
  readonly #options: FlipOptions
  readonly #rotation = new Rotation()
  readonly #canvas = document.createElement('canvas').getContext('2d')
  readonly #observer: ResizeObserver
  #lines: readonly OnAirLine[] = []
  #width = 0
  #height = 0
  #page: Page | undefined
  #node: HTMLElement | undefined
  /** The page that moves out. */
  #leaving: HTMLElement | undefined
  #framesLeft = 0
  #movedFrames = MOVE_FRAMES

  constructor(deps: LookDeps, options: FlipOptions) {
    this.#deps = deps
    this.#options = options
    this.#observer = new ResizeObserver(([entry]) => {
      const box = entry?.contentBoxSize[0]
      this.#width = Math.floor(box?.inlineSize ?? 0)
      this.#height = Math.floor(box?.blockSize ?? 0)
      if (this.#page === undefined) this.#show(this.#following(), false)
    })
    this.#observer.observe(deps.view)
  }

  update(lines: readonly OnAirLine[]): void {
    this.#lines = lines
    this.#rotation.update(lines.map(({ id }) => id))
    const line = lines.find(({ id }) => id === this.#page?.line.id)
    // Words that were withdrawn or corrected leave the picture at once, without a move.
    if (this.#leaving && !lines.some(({ key }) => key === this.#leaving?.dataset.key)) this.#dropLeaving()
    if (!this.#page) this.#show(this.#following(), false)
    else if (!line) this.#show(this.#following(), false)
    else if (line.key !== this.#page.line.key) this.#show(this.#pageOf(line, 0), false)
    else if (line.label !== this.#page.line.label) this.#endLabel(line)
  }

  advance(frames: number): void {
    if (this.#movedFrames < MOVE_FRAMES) this.#move(frames)
    this.#framesLeft -= frames
    if (this.#page && this.#framesLeft <= 0) this.next()
  }

  next(): void {
    const page = this.#page
    if (page && !page.isLast) this.#show(this.#pageOf(page.line, page.index + 1), this.#options.moves)
    else this.#show(this.#following(), this.#options.moves && this.#lines.length > 1)
  }

  close(): void {
    this.#observer.disconnect()
    this.#show(undefined, false)
  }

  #following(): Page | undefined {
    if (this.#width === 0) return undefined
    const id = this.#rotation.next()
    const line = this.#lines.find((each) => each.id === id)
    return line && this.#pageOf(line, 0)
  }

  #pageOf(line: OnAirLine, index: number): Page {
    const rows = this.#rowsOf(line)
    const { rows: height } = this.#options
    const first = index * height
    return { line, index, rows: rows.slice(first, first + height), isLast: first + height >= rows.length }
  }

  #rowsOf({ text, speaker, label, mark }: OnAirLine): string[] {
    const room = this.#width * SLACK
    const inRow = this.#options.labelBox ? '' : (label ?? '')
    // Label and mark stand beside the words, in their own boxes.
    const before = inRow === '' ? 0 : this.#widthOf(`${inRow}  —  `)
    const words = [
      speaker === undefined ? text : `${speaker}: ${text}`,
      ...(mark === undefined ? [] : [`(${mark})`]),
    ]
    return splitWords(words.join(' '), (part) => this.#widthOf(part), room, room - before)
  }

  #widthOf(text: string): number {
    if (!this.#canvas) return 0
    this.#canvas.font = this.#deps.font
    return this.#canvas.measureText(text).width
  }

  #show(page: Page | undefined, moves: boolean): void {
    const before = this.#page
    this.#dropLeaving()
    this.#page = page
    const node = page && this.#draw(page)
    if (moves && this.#node && node) {
      this.#leaving = this.#node
      this.#movedFrames = 0
      node.style.transform = `translate3d(0,${this.#height}px,0)`
    } else {
      this.#node?.remove()
      this.#movedFrames = MOVE_FRAMES
    }
    this.#node = node
    if (node) this.#deps.view.append(node)
    this.#framesLeft = page ? this.#framesFor(page) : 0
    if (before && before.line.key !== page?.line.key) this.#deps.onPainted(before.line, 'last')
    if (page && before?.line.key !== page.line.key) this.#deps.onPainted(page.line, 'first')
  }

  #draw({ line, index, rows }: Page): HTMLElement {
    const { labelBox } = this.#options
    const { lang, dir, label } = line
    if (labelBox) labelBox.textContent = label ?? ''
    const node = element('div', { class: 'page', lang, dir, 'data-id': line.id, 'data-key': line.key })
    rows.forEach((row, n) => {
      const hasLabel = !labelBox && label !== undefined && index === 0 && n === 0
      const labelNode = hasLabel && element('b', { class: 'label' }, element('bdi', {}, label))
      node.append(element('div', { class: 'row' }, labelNode, element('bdi', { dir, class: 'text' }, row)))
    })
    return node
  }

  #endLabel(line: OnAirLine): void {
    if (this.#page) this.#page = { ...this.#page, line }
    if (this.#options.labelBox) this.#options.labelBox.textContent = line.label ?? ''
    this.#node?.classList.toggle('unlabelled', line.label === undefined)
  }

  /** Both pages move up by whole pixels. */
  #move(frames: number): void {
    this.#movedFrames = Math.min(MOVE_FRAMES, this.#movedFrames + frames)
    const up = Math.round((this.#height * this.#movedFrames) / MOVE_FRAMES)
    if (this.#node) this.#node.style.transform = `translate3d(0,${this.#height - up}px,0)`
    if (this.#leaving) this.#leaving.style.transform = `translate3d(0,${-up}px,0)`
    if (this.#movedFrames === MOVE_FRAMES) this.#dropLeaving()
  }

  #dropLeaving(): void {
    this.#leaving?.remove()
    this.#leaving = undefined
    this.#movedFrames = MOVE_FRAMES
    if (this.#node) this.#node.style.transform = ''
  }

  #framesFor({ rows }: Page): number {
    const { wordsPerMinute, framesPerSecond } = this.#deps
    const words = rows.join(' ').split(/\s+/u).length
    const ms = Math.max(LEAST_MS, (words / wordsPerMinute) * 60_000)
    return Math.round((ms * framesPerSecond) / 1_000)
  }
}
