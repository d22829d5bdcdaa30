import type { EmbedMode } from '../../src/protocol/embed.ts'
import { urgencies } from '../../src/protocol/lists/urgencies.ts'
import type { Headline } from '../sdk/index.ts'

/** The part of the strip that a ticker shows. */
export interface LinesShown {
  readonly lines: readonly Headline[]
  /** The number of new lines that wait for the end of the pause. */
  readonly waiting: number
}

/**
 * The lines to show. A pause holds back only new lines: corrections show at once, and withdrawn or held lines disappear
 * at
 * once.
 *
 * @param held ids of the lines that showed when the pause began; undefined without a pause
 */
export function linesShown(
  strip: readonly Headline[] = [],
  max: number,
  held: ReadonlySet<string> | undefined,
): LinesShown {
  const newest = strip.slice(0, max)
  if (!held) return { lines: newest, waiting: 0 }
  const lines = strip.filter(({ id }) => held.has(id))
  // Lines below the last of them are older, so they are not new.
  const last = lines.at(-1)
  const above = last ? newest.slice(0, strip.indexOf(last)) : newest
  return { lines, waiting: above.filter(({ id }) => !held.has(id)).length }
}

/** The lines that are on the screen, or have been: a strip shows one at a time. A crawl has no place for notices. */
export function seenOf(
  seen: readonly Headline[],
  lines: readonly Headline[],
  index: number,
  mode: EmbedMode,
): readonly Headline[] {
  const isSeen = ({ id }: Headline): boolean => seen.some((line) => line.id === id)
  return lines.filter((line, n) => mode === 'list' || (mode === 'strip' && (n === index || isSeen(line))))
}

/** The current line of a strip. Its index is kept for the case that the line disappears. */
export interface Mark {
  readonly id: string
  readonly index: number
}

/**
 * The current line after so many steps, starting again at the other end. If the line has disappeared, the steps start
 * from its former index, where the next line is now.
 */
export function stepped(lines: readonly Headline[], { id, index }: Mark, steps: number): Mark {
  const found = lines.findIndex((line) => line.id === id)
  const from = found < 0 ? index - Number(steps > 0) : found
  const to = lines.length && (((from + steps) % lines.length) + lines.length) % lines.length
  return { id: lines[to]?.id ?? '', index: to }
}

export function markOf(lines: readonly Headline[], { id }: Headline): Mark {
  return stepped(lines, { id, index: 0 }, 0)
}

/** From 1, the most pressing first. An urgency that this ticker does not know is the least pressing. */
export function rank({ urgency }: Pick<Headline, 'urgency'>): number {
  return urgencies.indexOf(urgency) + 1 || urgencies.length + 1
}

/** Whether the line comes through a hold by the pointer. */
export function isPressing(line: Headline): boolean {
  return rank(line) <= rank({ urgency: 'bulletin' })
}

/** The most pressing of the lines, the first of equals. */
export function mostPressing(lines: readonly Headline[]): Headline | undefined {
  return [...lines].sort((a, b) => rank(a) - rank(b))[0]
}

/** The line that comes next by itself: the most pressing line that has not been seen, else the next in order. */
export function following(
  lines: readonly Headline[],
  mark: Mark,
  unseen: ReadonlyMap<string, unknown>,
): Mark {
  const pressing = mostPressing(lines.filter(({ id }) => id !== mark.id && unseen.has(id)))
  return pressing ? markOf(lines, pressing) : stepped(lines, mark, 1)
}

const LEAST_MS = 6_000
/** Time to find the line and to begin to read. */
const START_MS = 2_000
/** A slow reader takes so long for a letter: about 180 words a minute. */
const LETTER_MS = 65
/** The least time for a part of a line that does not fit into the view. */
const PART_MS = 1_500

/** Time for which a strip shows a line that is read in so many parts. */
export function readingMs({ text, speaker = '', note = '' }: Headline, parts: number): number {
  const letters = `${text}${speaker}${note}`.length
  return Math.max(LEAST_MS, START_MS + letters * LETTER_MS, parts * PART_MS)
}
