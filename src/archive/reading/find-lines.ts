import {
  findHeadlines,
  presentAndFitting,
  type FoundPage,
  type HeadlineQuery,
  type ListCursor,
} from '../../eventlog/find-headlines.ts'
import { readSummaries, type HeadlineSummary } from '../../eventlog/read-summaries.ts'
import { ArchiveError, type Archive } from '../archive.ts'
import { summaryOfLine } from './line-record.ts'
import type { Sources } from './sources.ts'

export interface LinesPage {
  readonly lines: readonly HeadlineSummary[]
  /** Cursor of the next page; undefined on the last page. A page that is not full may still have a next page. */
  readonly next: ListCursor | undefined
  /** `recent`: the archive did not answer, so only headlines in Redis were searched. */
  readonly searched: 'all' | 'recent'
}

/**
 * Finds headlines in Redis and in the archive in one order, newest first. A headline that is in both, or is moved while it
 * is read, comes once, as Redis has it. Errors: UnavailableError.
 */
export async function findLines(
  sources: Sources,
  feed: string,
  query: HeadlineQuery,
  limit: number,
  after?: ListCursor,
): Promise<LinesPage> {
  const { store } = sources
  // Redis first: a headline that is moved between the two reads is in the archive before it leaves Redis.
  const recent = await findHeadlines(store, feed, query, limit, after)
  try {
    // Only headlines in Redis are flagged.
    const archive = query.attention ? undefined : sources.archive()
    if (!archive) return { ...(await linesOf(sources, undefined, feed, query, recent)), searched: 'all' }
    const archived = await archive.findLines(feed, query, limit, after)
    const merged = merge(recent, await onlyArchived(sources, feed, query, recent, archived), limit)
    return { ...(await linesOf(sources, archive, feed, query, merged)), searched: 'all' }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error
    return { ...(await linesOf(sources, undefined, feed, query, recent)), searched: 'recent' }
  }
}

/** Leaves out the headlines that are in Redis, unless they came back after Redis was read and meet the conditions. */
async function onlyArchived(
  { store }: Sources,
  feed: string,
  query: HeadlineQuery,
  recent: FoundPage,
  { found, next }: FoundPage,
): Promise<FoundPage> {
  const known = new Set(recent.found.map(({ id }) => id))
  const others = found.filter(({ id }) => !known.has(id))
  const ids = others.map(({ id }) => id)
  const { present, fitting } = await presentAndFitting(store, feed, query, ids)
  return { found: others.filter(({ id }) => !present.has(id) || fitting.has(id)), next }
}

/** A page ends where one of the two has been read no further. */
function merge(recent: FoundPage, archived: FoundPage, limit: number): FoundPage {
  const reached = newer(recent.next, archived.next)
  const all = [...recent.found, ...archived.found].sort(byPlace)
  const within = reached ? all.filter((line) => byPlace(line, reached) <= 0) : all
  const found = within.slice(0, limit)
  return { found, next: within.length > limit ? found.at(-1) : reached }
}

function newer(a: ListCursor | undefined, b: ListCursor | undefined): ListCursor | undefined {
  if (!a || !b) return a ?? b
  return byPlace(a, b) < 0 ? a : b
}

/** Newest first; headlines of the same ms by descending id, as bytes. */
function byPlace(a: ListCursor, b: ListCursor): number {
  if (a.ms !== b.ms) return b.ms - a.ms
  if (a.id === b.id) return 0
  return a.id > b.id ? -1 : 1
}

/** Without those that no longer have one of the wanted statuses, or the section: they have changed since the index was read. */
async function linesOf(
  sources: Sources,
  archive: Archive | undefined,
  feed: string,
  { statuses, section }: HeadlineQuery,
  { found, next }: FoundPage,
): Promise<Omit<LinesPage, 'searched'>> {
  const ids = found.map(({ id }) => id)
  const read = await summariesOf(sources, archive, feed, ids)
  const lines = read.filter(
    ({ status, content }) =>
      (statuses.length === 0 || statuses.includes(status)) &&
      (section === undefined || content?.section === section),
  )
  return { lines, next }
}

async function summariesOf(
  { store }: Sources,
  archive: Archive | undefined,
  feed: string,
  ids: readonly string[],
): Promise<HeadlineSummary[]> {
  const byId = new Map<string, HeadlineSummary>()
  const missing = () => ids.filter((id) => !byId.has(id))
  const note = (read: readonly (HeadlineSummary | undefined)[]) => {
    for (const line of read) if (line) byId.set(line.id, line)
  }
  note(await readSummaries(store, feed, ids))
  if (archive && missing().length > 0) {
    const lines = await archive.readLines(feed, missing())
    note(lines.map((line) => line && summaryOfLine(line)))
  }
  return ids.flatMap((id) => byId.get(id) ?? [])
}
