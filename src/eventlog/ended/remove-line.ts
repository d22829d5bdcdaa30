import type { Store } from '../store/store.ts'
import type { EndedLine } from './ended-line.ts'
import { positionsOf } from './read-ended-lines.ts'

/**
 * Removes a headline from Redis that the archive holds, unless it has changed since it was read. Errors:
 * UnavailableError.
 */
export async function removeLine(
  store: Store,
  feed: string,
  { id, authors, stored }: EndedLine,
): Promise<'removed' | 'changed'> {
  const keys = store.keys.feed(feed)
  const outcome = await store.scripts['remove-line'](
    [
      ...[keys.states, keys.versions, keys.strip, keys.headlines, keys.released, keys.attention],
      ...[keys.status(''), keys.author(''), keys.word(''), keys.story(''), keys.receipt('')],
    ],
    [id, stored.state, JSON.stringify(authors), JSON.stringify(positionsOf(stored.versions))],
  )
  return outcome as 'removed' | 'changed'
}
