import { element } from '../lines/element.ts'
import { CrawlLook } from './crawl-look.ts'
import { FlipLook } from './flip-look.ts'
import type { LinesNow } from './follow-feed.ts'
import { FrameClock, type Frames } from './frame-clock.ts'
import type { Look, LookDeps } from './look.ts'
import type { OnAirLine } from './on-air-line.ts'
import { FAMILIES } from './package-fonts.ts'
import { pictureBox, type PictureBox } from './picture-box.ts'
import type { LookName } from './read-settings.ts'
import type { Theme } from './read-theme.ts'

/** How the picture looks. Another value builds it anew. */
export interface PictureStyle {
  readonly look: LookName
  readonly wordsPerMinute: number
  readonly framesPerSecond: number
  readonly safeMarginPercent: number
  readonly theme: Theme
}

export interface PictureDeps {
  /** The whole frame; the picture has one box in it. */
  readonly frame: ShadowRoot
  readonly frames: Frames
  readonly onPainted: LookDeps['onPainted']
}

interface BuiltPicture {
  readonly band: HTMLElement
  readonly look: Look
  readonly clock: FrameClock
}

/** The picture on air. Nothing is in it before `play`, after `stop`, and while there are no lines. */
export class Picture {
  readonly #deps: PictureDeps
  #style: PictureStyle | undefined
  #size = { width: 0, height: 0 }
  #now: LinesNow | undefined
  #isPlaying = false
  #built: BuiltPicture | undefined

  constructor(deps: PictureDeps) {
    this.#deps = deps
  }

  /** The lines that the picture shows, at once or in turns. */
  get lines(): readonly OnAirLine[] {
    const lines = this.#isPlaying ? (this.#now?.lines ?? []) : []
    return this.#style?.look === 'strap' ? lines.filter(({ label }) => label !== undefined) : lines
  }

  setStyle(style: PictureStyle): void {
    if (JSON.stringify(style) === JSON.stringify(this.#style)) return
    this.#style = style
    this.#rebuild()
  }

  resize(width: number, height: number): void {
    if (width === this.#size.width && height === this.#size.height) return
    this.#size = { width, height }
    this.#rebuild()
  }

  update(now: LinesNow | undefined): void {
    const before = this.#now
    this.#now = now
    if (now && before && isSameFeed(now, before)) {
      if (!isSameLines(now.lines, before.lines)) this.#show()
    } else if (now !== before) this.#rebuild()
  }

  play(): void {
    this.#isPlaying = true
    this.#show()
  }

  stop(): void {
    this.#isPlaying = false
    this.#show()
  }

  next(): void {
    this.#built?.look.next()
  }

  #rebuild(): void {
    this.#clear()
    this.#show()
  }

  #show(): void {
    const { lines } = this
    if (lines.length === 0) {
      this.#clear()
      return
    }
    this.#built ??= this.#build()
    this.#built?.look.update(lines)
  }

  #build(): BuiltPicture | undefined {
    const { width, height } = this.#size
    if (!this.#style || !this.#now || width === 0 || height === 0) return undefined
    const { look: name, theme, wordsPerMinute, framesPerSecond, safeMarginPercent } = this.#style
    const { feed } = this.#now
    const box = pictureBox({ width, height }, name, { ...theme, safeMarginPercent })
    const view = element('div', { class: 'view' })
    const ruler = element('div', { class: 'ruler' })
    const labelBox = element('div', { class: 'label-box' })
    const head = element(
      'div',
      { class: 'head' },
      theme.logo !== undefined && element('img', { class: 'logo', src: theme.logo, alt: '' }),
      name === 'strap' ? labelBox : theme.showsTitle && element('div', { class: 'title' }, feed.title),
    )
    const band = element(
      'div',
      { class: 'band', lang: feed.lang, dir: feed.dir, 'data-look': name },
      head,
      view,
      ruler,
    )
    setBox(band, box, theme)
    this.#deps.frame.append(band)
    const deps: LookDeps = {
      view,
      ruler,
      isRtl: feed.dir === 'rtl',
      lang: feed.lang,
      wordsPerMinute,
      framesPerSecond,
      font: `600 ${box.fontPixels}px ${FAMILIES}`,
      onPainted: this.#deps.onPainted,
    }
    const look = lookOf(name, deps, labelBox)
    const clock = new FrameClock(this.#deps.frames, framesPerSecond, (count) => look.advance(count))
    clock.start()
    return { band, look, clock }
  }

  #clear(): void {
    this.#built?.clock.stop()
    this.#built?.look.close()
    this.#built?.band.remove()
    this.#built = undefined
  }
}

function lookOf(name: LookName, deps: LookDeps, labelBox: HTMLElement): Look {
  switch (name) {
    case 'crawl':
      return new CrawlLook(deps)
    case 'flip':
      return new FlipLook(deps, { rows: 1, moves: true })
    case 'strap':
      return new FlipLook(deps, { rows: 2, moves: false, labelBox })
    default:
      return name satisfies never
  }
}

/** By properties and not by a style attribute, which the policy of the page refuses. */
function setBox(band: HTMLElement, box: PictureBox, { colours }: Theme): void {
  const { left, top, width, height, rowPixels, fontPixels } = box
  const { style } = band
  Object.assign(style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` })
  style.setProperty('--row', `${rowPixels}px`)
  style.setProperty('--font', `${fontPixels}px`)
  for (const [name, colour] of Object.entries(colours)) style.setProperty(`--${name}`, colour as string)
}

function isSameFeed({ feed: one }: LinesNow, { feed: other }: LinesNow): boolean {
  return one.id === other.id && one.lang === other.lang && one.dir === other.dir && one.title === other.title
}

function isSameLines(one: readonly OnAirLine[], other: readonly OnAirLine[]): boolean {
  return (
    one.length === other.length &&
    one.every(
      ({ id, key, label }, n) => id === other[n]?.id && key === other[n].key && label === other[n].label,
    )
  )
}
