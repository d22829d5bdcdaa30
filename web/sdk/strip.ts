import type { FeedEvent, Headline, Op } from './types.ts'

/** The headlines that show, by id. */
export type Strip = ReadonlyMap<string, Headline>

const SHOWS: ReadonlySet<string> = new Set<Op>(['publish', 'correct', 'resume', 'pin', 'unpin'])

export function stripOf(lines: readonly Headline[]): Strip {
  return new Map(lines.map((line) => [line.id, line]))
}

/** Puts a headline into the strip or removes it. An event with an unknown op adds no headline. */
export function fold(strip: Strip, { op, headline }: FeedEvent): Strip {
  const next = new Map(strip)
  if (SHOWS.has(op) && headline.status === 'live') next.set(headline.id, headline)
  else next.delete(headline.id)
  return next
}

/** Pinned headlines first, then by first release, newest first. */
export function inOrder(strip: Strip): Headline[] {
  return [...strip.values()].sort(
    (a, b) => Number(b.pinned ?? false) - Number(a.pinned ?? false) || b.place - a.place,
  )
}
