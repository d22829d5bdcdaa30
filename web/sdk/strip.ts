import type { FeedEvent, Headline, Op } from './types.ts'

/** The lines that show, by id. */
export type Strip = ReadonlyMap<string, Headline>

const SHOWS: ReadonlySet<string> = new Set<Op>(['publish', 'correct', 'resume', 'pin', 'unpin'])

export function stripOf(lines: readonly Headline[]): Strip {
  return new Map(lines.map((line) => [line.id, line]))
}

/** Put or remove by id. What an unknown op means for the line is not known, so the line is not shown as news. */
export function fold(strip: Strip, { op, headline }: FeedEvent): Strip {
  const next = new Map(strip)
  if (SHOWS.has(op) && headline.status === 'live') next.set(headline.id, headline)
  else next.delete(headline.id)
  return next
}

/** Pinned lines first, then the newest first release first. */
export function inOrder(strip: Strip): Headline[] {
  return [...strip.values()].sort(
    (a, b) => Number(b.pinned ?? false) - Number(a.pinned ?? false) || b.place - a.place,
  )
}
