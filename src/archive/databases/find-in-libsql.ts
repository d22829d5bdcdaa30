import type { FoundPage, HeadlineQuery, ListCursor } from '../../eventlog/find-headlines.ts'
import { pageOf } from './page-of.ts'
import type { Parameter } from './libsql-connection.ts'
import { LAST_MS, placeOf } from './place.ts'
import { allOf, searchTermOf } from './search-terms.ts'

type Rows = (select: string, ...parameters: readonly Parameter[]) => Promise<ListCursor[]>

interface LibsqlSearch {
  readonly feed: string
  readonly query: HeadlineQuery
  readonly limit: number
  readonly after: ListCursor | undefined
}

interface TimeRange {
  readonly since: number
  readonly until: number
}

/** Errors: ArchiveError. */
export async function findInLibsql(rows: Rows, search: LibsqlSearch): Promise<FoundPage> {
  const { query, limit, after } = search
  if (query.attention) return pageOf([], limit)
  const { since = 0, until = LAST_MS } = query
  const latest = Math.min(until, after?.ms ?? LAST_MS)
  const first = await findInRange(rows, search, { since, until: latest }, limit + 1)
  const oldest = first.at(-1)
  if (oldest === undefined || first.length <= limit) return pageOf(first.sort(newestFirst), limit)
  // Lines of the same ms are not in the order of their ids here, so all lines of the oldest ms are needed.
  const sameTime = await findInRange(rows, search, { since: oldest.ms, until: oldest.ms }, -1)
  const newer = first.filter(({ ms }) => ms > oldest.ms)
  return pageOf([...newer, ...sameTime].sort(newestFirst), limit)
}

function findInRange(
  rows: Rows,
  { feed, query, after }: LibsqlSearch,
  { since, until }: TimeRange,
  limit: number,
): Promise<ListCursor[]> {
  // The index narrows the search. It does not know the case of letters in ids, so the line itself decides.
  return rows(
    `SELECT json_object('id', id, 'ms', created_at) AS row
     FROM search CROSS JOIN lines ON place = search.rowid
     WHERE search MATCH ?1 AND search.rowid >= ?2 AND search.rowid < ?3
       AND (?4 IS NULL OR created_at < ?4 OR id < ?5)
       AND (?6 IS NULL OR status IN (SELECT value FROM json_each(?6)))
       AND (?7 IS NULL OR story = ?7)
       AND (?8 IS NULL OR ?8 IN (SELECT value FROM json_each(authors)))
       AND (?10 IS NULL OR section = ?10)
     ORDER BY search.rowid DESC LIMIT ?9`,
    expressionOf(feed, query),
    placeOf(since),
    placeOf(until + 1),
    after?.ms ?? null,
    after?.id ?? null,
    query.statuses.length === 0 ? null : JSON.stringify(query.statuses),
    query.story ?? null,
    query.author ?? null,
    limit,
    query.section ?? null,
  )
}

/** An expression of FTS5 that all terms of the query meet. */
function expressionOf(feed: string, { statuses, words, author, story }: HeadlineQuery): string {
  const all = [
    ...words.map((word) => searchTermOf(feed, 'w', word)),
    ...(author === undefined ? [] : [searchTermOf(feed, 'a', author)]),
    ...(story === undefined ? [] : [searchTermOf(feed, 's', story)]),
  ].map(quoted)
  if (all.length === 0 && statuses.length === 0) return quoted(allOf(feed))
  const any = statuses.map((status) => quoted(searchTermOf(feed, 't', status)))
  return [...all, ...(any.length === 0 ? [] : [`(${any.join(' OR ')})`])].join(' AND ')
}

function quoted(term: string): string {
  return `"${term}"`
}

/** Redis orders ids of the same time by their bytes, and ids are ASCII. */
function newestFirst(a: ListCursor, b: ListCursor): number {
  return b.ms - a.ms || (a.id < b.id ? 1 : -1)
}
