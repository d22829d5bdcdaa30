import type { OnAirLine } from './on-air-line.ts'

/** One way to show lines. */
export interface Look {
  /** Takes the lines in display order. A line that is not among them leaves the picture at once. */
  update(lines: readonly OnAirLine[]): void
  /** Moves the picture by so many frames. */
  advance(frames: number): void
  /** Goes on to the next line, where one shows at a time. */
  next(): void
  /** Takes everything out of the picture. */
  close(): void
}

/** The parts and settings that a look has from the graphic. */
export interface LookDeps {
  /** The box in which the lines show; everything outside is cut off. */
  readonly view: HTMLElement
  /** For measuring: it is never painted. */
  readonly ruler: HTMLElement
  readonly isRtl: boolean
  readonly lang: string
  readonly wordsPerMinute: number
  readonly framesPerSecond: number
  /** For `CanvasRenderingContext2D.font`. */
  readonly font: string
  /** Called with the first frame of a line in the picture, and with the last one. */
  readonly onPainted: (line: OnAirLine, edge: 'first' | 'last') => void
}
