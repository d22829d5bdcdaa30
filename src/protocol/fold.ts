import type { EventFrame } from './frames.ts'
import { opsThat } from './lists/ops.ts'
import type { LiveHeadline } from './headline.ts'

/** The visible headlines by id. A reader folds events into it; `inOrder` gives the order on the screen. */
export type Strip = ReadonlyMap<string, LiveHeadline>

const SHOWS = opsThat(({ status }) => status === 'live')

export function stripOf(headlines: Iterable<LiveHeadline>): Strip {
  return new Map(Array.from(headlines, (headline) => [headline.id, headline]))
}

/**
 * Puts or removes the headline by id. An unknown op removes it: its meaning is not known, so the headline is not shown
 * as news until a known event or a reset brings it again.
 */
export function fold(strip: Strip, { op, headline }: Pick<EventFrame, 'op' | 'headline'>): Strip {
  const next = new Map(strip)
  if (SHOWS.has(op) && headline.status === 'live') next.set(headline.id, headline)
  else next.delete(headline.id)
  return next
}

/**
 * Pinned headlines come first; the others follow by their first release, the newest one first. A corrected headline
 * keeps its place.
 */
export function inOrder(strip: Strip): LiveHeadline[] {
  return [...strip.values()].sort(
    (a, b) => Number(b.pinned ?? false) - Number(a.pinned ?? false) || b.place - a.place,
  )
}
