import type { FeedEvent, Headline } from '../sdk/index.ts'
import { inOrder, stripOf } from '../sdk/strip.ts'
import type { Notice } from './notice.ts'

/** So many at the most: news must not be lost among notices. */
export const MAX_NOTICES = 10

/**
 * The notices after an event: a removal of a line that is on the screen adds one, or renews that of a held line. Every
 * other event of the headline ends its notice.
 *
 * @param seen the lines and notices that are on the screen
 */
export function noted(
  notices: readonly Notice[],
  { headline }: FeedEvent,
  seen: readonly Headline[],
  until: number,
): readonly Notice[] {
  const { id, status } = headline
  const others = notices.filter((notice) => notice.id !== id)
  const line = seen.find((each) => each.id === id)
  if (!line || (status !== 'withdrawn' && status !== 'held')) return others
  const { pinned } = line
  const notice: Notice = {
    ...{ ...headline, status: 'live', pinned, text: '', urgency: 'routine', regions: [], tags: [] },
    ...{ removed: status, until },
  }
  return [...others, notice].slice(-MAX_NOTICES)
}

/** The notices whose time is not over. A line that is in the strip again, after a reset too, has none. */
export function lasting(
  notices: readonly Notice[],
  strip: readonly Headline[],
  now: number,
): readonly Notice[] {
  return notices.filter(({ id, until }) => until > now && !strip.some((line) => line.id === id))
}

/** The lines with the notices in their places. */
export function withNotices(lines: readonly Headline[], notices: readonly Notice[]): readonly Headline[] {
  return notices.length ? inOrder(stripOf([...lines, ...notices])) : lines
}
