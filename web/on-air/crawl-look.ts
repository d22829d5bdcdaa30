import { element } from '../lines/element.ts'
import { CrawlPlan, type PlacedLine } from './crawl-plan.ts'
import { lineContent } from './line-content.ts'
import type { Look, LookDeps } from './look.ts'
import type { OnAirLine } from './on-air-line.ts'
import { sampleOf } from './sample-of.ts'

/** A line that was measured, or that is being measured. */
interface Measured {
  readonly node: HTMLElement
  size: number | undefined
}

/**
 * Lines that move through the view, each behind the other. All sizes come from an observer, which reads no layout while
 * the lines move, and each frame moves one element by whole pixels.
 */
export class CrawlLook implements Look {
  readonly #deps: LookDeps
  readonly #plan = new CrawlPlan()
  readonly #belt = element('div', { class: 'belt' })
  readonly #sample: HTMLElement
  readonly #sampleCount: number
  readonly #observer: ResizeObserver
  readonly #measured = new Map<string, Measured>()
  readonly #items = new Map<number, { readonly node: HTMLElement; readonly line: OnAirLine; seen: boolean }>()
  #lines: readonly OnAirLine[] = []
  /** Whether every line on the belt has been in the picture, so that no first frame is to come. */
  #allSeen = false
  /** Pixels for each frame; 0 until the sample is measured. */
  #step = 0

  constructor(deps: LookDeps) {
    this.#deps = deps
    const sample = sampleOf(deps.lang)
    this.#sampleCount = sample.count
    this.#sample = element('span', { class: 'item', lang: deps.lang }, `${sample.text} `)
    this.#observer = new ResizeObserver((entries) => this.#measure(entries))
    deps.ruler.append(this.#sample)
    deps.view.append(this.#belt)
    for (const watched of [deps.view, this.#sample]) this.#observer.observe(watched)
  }

  update(lines: readonly OnAirLine[]): void {
    this.#lines = lines
    const needed = new Set(lines.map(sizeKey))
    for (const [key, { node }] of this.#measured)
      if (!needed.has(key)) {
        this.#observer.unobserve(node)
        node.remove()
        this.#measured.delete(key)
      }
    for (const line of lines) if (!this.#measured.has(sizeKey(line))) this.#startToMeasure(line)
    this.#place()
  }

  advance(frames: number): void {
    const before = this.#plan.placed
    this.#plan.advance(frames * this.#step)
    if (this.#plan.placed === before && this.#allSeen) this.#moveBelt()
    else this.#draw()
  }

  next(): void {
    // The lines pass by themselves.
  }

  close(): void {
    this.#observer.disconnect()
    for (const passage of this.#items.keys()) this.#take(passage)
    this.#belt.remove()
    this.#deps.ruler.replaceChildren()
  }

  #startToMeasure(line: OnAirLine): void {
    const { lang, dir } = line
    const node = element('span', { class: 'item', lang, dir }, ...lineContent(line))
    node.append(element('i', { class: 'separator' }))
    this.#measured.set(sizeKey(line), { node, size: undefined })
    this.#deps.ruler.append(node)
    this.#observer.observe(node)
  }

  #measure(entries: readonly ResizeObserverEntry[]): void {
    const sizes = new Map(entries.map(({ target, borderBoxSize: [box] }) => [target, box?.inlineSize ?? 0]))
    const view = sizes.get(this.#deps.view)
    if (view !== undefined) this.#plan.resize(Math.round(view))
    const sample = sizes.get(this.#sample)
    if (sample !== undefined) this.#step = this.#stepFor(sample / this.#sampleCount)
    for (const measured of this.#measured.values()) {
      const size = sizes.get(measured.node)
      if (size) measured.size = Math.ceil(size)
    }
    this.#place()
  }

  /** The speed is one for all lines: so many usual words a minute, rounded to whole pixels a frame. */
  #stepFor(wordPixels: number): number {
    const { wordsPerMinute, framesPerSecond } = this.#deps
    return Math.max(1, Math.round((wordPixels * wordsPerMinute) / 60 / framesPerSecond))
  }

  #place(): void {
    this.#plan.update(
      this.#lines.map((line) => ({
        id: line.id,
        key: line.key,
        size: this.#step > 0 ? this.#measured.get(sizeKey(line))?.size : undefined,
      })),
    )
    this.#draw()
  }

  /** Puts the lines where the plan has them. */
  #draw(): void {
    const { placed } = this.#plan
    const passages = new Map(placed.map((item) => [item.passage, item]))
    for (const [passage, { line }] of this.#items) {
      const item = passages.get(passage)
      if (!item || item.isBlank || item.key !== line.key) this.#take(passage)
    }
    for (const item of placed) if (!item.isBlank) this.#put(item)
    this.#allSeen = [...this.#items.values()].every(({ seen }) => seen)
    this.#moveBelt()
  }

  #moveBelt(): void {
    const { offset } = this.#plan
    this.#belt.style.transform = `translate3d(${this.#deps.isRtl ? offset : -offset}px,0,0)`
  }

  #put(item: PlacedLine): void {
    const line = this.#lines.find(({ id }) => id === item.id)
    if (!line) return
    let shown = this.#items.get(item.passage)
    if (!shown) {
      const source = this.#measured.get(sizeKey(line))
      if (!source) return
      const node = source.node.cloneNode(true) as HTMLElement
      node.dataset.id = line.id
      shown = { node, line, seen: false }
      this.#items.set(item.passage, shown)
      this.#belt.append(node)
    }
    const place = `${item.place}px`
    if (shown.node.style.insetInlineStart !== place) shown.node.style.insetInlineStart = place
    // The words keep their place when the label ends in the middle of the picture.
    if (shown.line.label !== undefined && line.label === undefined) shown.node.classList.add('unlabelled')
    if (!shown.seen && this.#plan.sees(item)) {
      shown.seen = true
      this.#deps.onPainted(shown.line, 'first')
    }
  }

  #take(passage: number): void {
    const item = this.#items.get(passage)
    if (!item) return
    item.node.remove()
    this.#items.delete(passage)
    if (item.seen) this.#deps.onPainted(item.line, 'last')
  }
}

function sizeKey({ id, key, label }: OnAirLine): string {
  return JSON.stringify([id, key, label])
}
