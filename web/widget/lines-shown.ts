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
  strip: readonly Headline[],
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
