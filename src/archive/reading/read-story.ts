import type { ListCursor } from '../../eventlog/find-headlines.ts'
import type { HeadlineSummary } from '../../eventlog/read-summaries.ts'
import { findLines, type LinesPage } from './find-lines.ts'
import type { Sources } from './sources.ts'

/** Bounds the answer for a long story: older headlines are left out. */
const MAX_HEADLINES = 200

/** A feed's headlines of one story, newest first. Errors: UnavailableError. */
export async function readStory(
  sources: Sources,
  feed: string,
  story: string,
): Promise<Pick<LinesPage, 'lines' | 'searched'>> {
  const query = { statuses: [], words: [], story, attention: false }
  const lines: HeadlineSummary[] = []
  let searched: LinesPage['searched'] = 'all'
  let next: ListCursor | undefined
  do {
    const page = await findLines(sources, feed, query, MAX_HEADLINES - lines.length, next)
    lines.push(...page.lines)
    if (page.searched === 'recent') searched = 'recent'
    next = page.next
  } while (next && lines.length < MAX_HEADLINES)
  return { lines, searched }
}
