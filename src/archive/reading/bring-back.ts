import { returnLine } from '../../eventlog/ended/return-line.ts'
import { readArchivedLine } from './read-line.ts'
import type { Sources } from './sources.ts'

/**
 * Puts a headline from the archive back into Redis, where an act can change it. `unknown`: the archive does not have it;
 * `erased`: its words are gone, so it stays where it is. Errors: UnavailableError, ArchiveError.
 */
export async function bringBack(
  sources: Sources,
  feed: string,
  id: string,
): Promise<'returned' | 'present' | 'erased' | 'unknown'> {
  const line = await readArchivedLine(sources, feed, id)
  if (line === 'no-archive' || line === undefined) return 'unknown'
  return line.erased ? 'erased' : returnLine(sources.store, feed, line)
}
