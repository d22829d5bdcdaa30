import type { FeedEvent, Headline, Op } from './types.ts'

/** The headlines that show, by id. */
export type Strip = ReadonlyMap<string, Headline>

const SHOWS: readonly Op[] = ['publish', 'correct', 'resume', 'pin', 'unpin']
const CLEARS: readonly Op[] = ['correct', 'hold', 'withdraw', 'leave']

/** Whether it takes a line, or its words, from the screen: this is acknowledged. */
export function clears(op: Op): boolean {
  return CLEARS.includes(op)
}

export function stripOf(lines: readonly Headline[]): Strip {
  return new Map(lines.map((line) => [line.id, line]))
}

/** Puts a headline into the strip or removes it. An event with an unknown op adds no headline. */
export function fold(strip: Strip, { op, headline }: FeedEvent): Strip {
  const next = new Map(strip)
  if (SHOWS.includes(op) && headline.status === 'live') next.set(headline.id, headline)
  else next.delete(headline.id)
  return next
}

/** Pinned headlines first, then by first release, newest first. */
export function inOrder(strip: Strip): Headline[] {
  return [...strip.values()].sort((a, b) => Number(!!b.pinned) - Number(!!a.pinned) || b.place - a.place)
}
