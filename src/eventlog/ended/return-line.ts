import type { Store } from '../store/store.ts'
import type { EndedLine } from './ended-line.ts'

/**
 * Puts a headline from the archive back into Redis, for an act on it; `present`: it is there. Its receipts stay in the
 * archive. Errors: UnavailableError.
 */
export async function returnLine(
  store: Store,
  feed: string,
  { id, createdAt, authors, stored }: Pick<EndedLine, 'id' | 'createdAt' | 'authors' | 'stored'>,
): Promise<'returned' | 'present'> {
  const keys = store.keys.feed(feed)
  const outcome = await store.scripts['return-line'](
    [
      ...[keys.states, keys.versions, keys.headlines, keys.released],
      ...[keys.status(''), keys.author(''), keys.word(''), keys.story('')],
    ],
    [
      ...[id, stored.state, createdAt, stored.released ?? '', JSON.stringify(authors)],
      ...Object.entries(stored.versions).flat(),
    ],
  )
  return outcome as 'returned' | 'present'
}
