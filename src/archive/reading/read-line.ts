import { readHeadline, type HeadlineRecord } from '../../eventlog/read-headline.ts'
import type { ArchivedLine } from '../archive.ts'
import { recordOfLine } from './line-record.ts'
import type { Sources } from './sources.ts'

/** Errors: UnavailableError, DamagedError; ArchiveError where Redis does not know the id and the archive does not answer. */
export async function readLine(
  sources: Sources,
  feed: string,
  id: string,
): Promise<HeadlineRecord | undefined> {
  const { store } = sources
  const present = await readHeadline(store, feed, id)
  if (present) return present
  const line = await readArchivedLine(sources, feed, id)
  if (line === 'no-archive') return undefined
  // It may have been posted since the first look.
  return line ? recordOfLine(line) : readHeadline(store, feed, id)
}

/** Errors: ArchiveError. */
export async function readArchivedLine(
  { archive }: Sources,
  feed: string,
  id: string,
): Promise<ArchivedLine | 'no-archive' | undefined> {
  const opened = archive()
  if (!opened) return 'no-archive'
  const [line] = await opened.readLines(feed, [id])
  return line
}
