import type { Headline } from '../sdk/index.ts'

/** What a ticker shows of the strip. */
export interface LinesShown {
  readonly lines: readonly Headline[]
  /** New lines that wait for the end of the pause. */
  readonly waiting: number
}

/**
 * A pause holds new lines back and nothing else: a line that was corrected is shown as it is now, and one that the
 * newsroom has taken out is gone.
 *
 * @param held ids that showed when the pause began; undefined while there is none
 */
export function linesShown(
  strip: readonly Headline[],
  max: number,
  held: ReadonlySet<string> | undefined,
): LinesShown {
  const newest = strip.slice(0, max)
  if (!held) return { lines: newest, waiting: 0 }
  return {
    lines: strip.filter(({ id }) => held.has(id)),
    waiting: newest.filter(({ id }) => !held.has(id)).length,
  }
}

/** The line that one stands at: its place is known, too, for when it is gone. */
export interface Mark {
  readonly id: string
  readonly index: number
}

/**
 * Where one stands after so many steps, round and round. A step from a line that is gone begins at its place, where
 * the next one stands by now.
 */
export function stepped(lines: readonly Headline[], { id, index }: Mark, steps: number): Mark {
  const found = lines.findIndex((line) => line.id === id)
  const from = found < 0 ? index - Number(steps > 0) : found
  const to = lines.length && (((from + steps) % lines.length) + lines.length) % lines.length
  return { id: lines[to]?.id ?? '', index: to }
}
