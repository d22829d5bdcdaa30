import { readEndedLines } from '../../eventlog/ended/read-ended-lines.ts'
import { removeLines } from '../../eventlog/ended/remove-lines.ts'
import { returnLine } from '../../eventlog/ended/return-line.ts'
import { readHeadline } from '../../eventlog/read-headline.ts'
import { ArchiveError } from '../archive.ts'
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
  if (line.erased) return 'erased'
  const outcome = await returnLine(sources.store, feed, line)
  return outcome === 'returned' && (await isErased(sources, feed, id)) ? takeAway(sources, feed, id) : outcome
}

/** Its words may have been erased after they were read here; an erasure after this look finds it in Redis. */
async function isErased(sources: Sources, feed: string, id: string): Promise<boolean> {
  const line = await readArchivedLine(sources, feed, id)
  return line !== 'no-archive' && line?.erased === true
}

async function takeAway({ store }: Sources, feed: string, id: string): Promise<'present' | 'erased'> {
  const [line] = await readEndedLines(store, feed, [id])
  const removed = line ? await removeLines(store, feed, [line]) : []
  return removed.length > 0 ? 'erased' : 'present'
}

/**
 * Puts a headline back before a lost act on it is repeated: the act may have brought it back, and Redis has lost that too.
 * Nearly all lost acts concern headlines that no archive has, so these do not wait for one that is away. Errors:
 * UnavailableError.
 */
export async function bringBackWhereMissing(sources: Sources, feed: string, id: string): Promise<void> {
  if (await readHeadline(sources.store, feed, id)) return
  try {
    await bringBack(sources, feed, id)
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error
  }
}
