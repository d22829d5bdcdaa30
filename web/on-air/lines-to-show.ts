import type { Connection, Headline } from '../sdk/index.ts'

/** The server does not let this output read: nothing that it has shown before may stay. */
const REFUSED = ['partner-refused', 'no-such-feed', 'origin-refused', 'filter-refused']

/** The strip, unless it is too old or may not be read any more. A drill is never on air. Times are by this computer. */
export function linesToShow(
  { strip, status, feed }: Pick<Connection, 'strip' | 'status' | 'feed'>,
  maxAgeMs: number,
  now: number,
): readonly Headline[] | undefined {
  if (feed?.drill) return undefined
  if (status.state === 'refused' && REFUSED.includes(status.code ?? '')) return undefined
  const age = status.staleSince === undefined ? 0 : now - status.staleSince
  return age > maxAgeMs ? undefined : strip
}
