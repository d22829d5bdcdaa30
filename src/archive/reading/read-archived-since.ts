import type { HeadlineSummary } from '../../eventlog/read-summaries.ts'
import { answered } from '../../eventlog/store/scripts.ts'
import type { EventFrame } from '../../protocol/frames.ts'
import { ArchiveError, type Archive, type ArchivedEvent } from '../archive.ts'
import { summaryOfLine } from './line-record.ts'
import type { LinesPage } from './find-lines.ts'
import type { Sources } from './sources.ts'

const EVENTS_PER_READ = 500

/**
 * Headlines that only the archive has, that were published at `since` (ms) or later and were not withdrawn, oldest first,
 * at most `most`. `wanted` chooses among them. Errors: UnavailableError.
 */
export async function readArchivedSince(
  sources: Sources,
  feed: string,
  since: number,
  most: number,
  wanted: (lines: readonly HeadlineSummary[]) => Promise<readonly HeadlineSummary[]>,
): Promise<Pick<LinesPage, 'lines' | 'searched'>> {
  const lines = new Map<string, HeadlineSummary>()
  try {
    const archive = sources.archive()
    let after = 0
    while (archive && lines.size < most) {
      const events = await archive.readEvents(feed, { from: since, after }, EVENTS_PER_READ)
      const found = await toWithdraw(sources, archive, feed, events)
      for (const line of await wanted(found)) lines.set(line.id, line)
      const last = events.at(-1)
      if (!last) break
      after = last.number
    }
    return { lines: [...lines.values()].slice(0, most), searched: 'all' }
  } catch (error) {
    if (error instanceof ArchiveError) return { lines: [], searched: 'recent' }
    throw error
  }
}

async function toWithdraw(
  { store }: Sources,
  archive: Archive,
  feed: string,
  events: readonly ArchivedEvent[],
): Promise<HeadlineSummary[]> {
  const ids = [...new Set(events.filter(isPublished).map(({ headline }) => headline))]
  if (ids.length === 0) return []
  const states = await answered(store.redis.hmget(store.keys.feed(feed).states, ...ids))
  const gone = ids.filter((_, index) => typeof states[index] !== 'string')
  const lines = gone.length === 0 ? [] : await archive.readLines(feed, gone)
  return lines.flatMap((line) =>
    line && line.status !== 'withdrawn' && !line.erased ? [summaryOfLine(line)] : [],
  )
}

function isPublished({ frame }: ArchivedEvent): boolean {
  return frame !== undefined && (JSON.parse(frame) as EventFrame).op === 'publish'
}
