import type { FoundPage, HeadlineQuery, ListCursor } from '../../eventlog/find-headlines.ts'
import type { Status } from '../../protocol/lists/statuses.ts'
import { pageOf } from './page-of.ts'
import type { PostgresConnections } from './postgres-connections.ts'
import { searchTermOf } from './search-terms.ts'

/** Lines that are looked at one by one: a word that is in many lines fills a page from them. */
const NEWEST_LINES = 300
/** Lines in the first time range of a search; each further range is ten times as long. */
const FIRST_LINES = 2_000
const LONGER = 10
/** Nearly all headlines end so. */
const MOST_FREQUENT: Status = 'expired'

interface Search {
  readonly feed: string
  readonly query: HeadlineQuery
  readonly limit: number
  readonly after: ListCursor | undefined
}

/**
 * Looks at the newest lines, and then searches one time range after the other, the newest first, until a page is full:
 * the index of terms has no order, so it would first give all lines with a frequent word. In a range PostgreSQL reads only the lines that both the index of
 * terms and that of times have. Errors: ArchiveError.
 */
export async function findInPostgres(connections: PostgresConnections, search: Search): Promise<FoundPage> {
  const { query, limit } = search
  if (query.attention) return pageOf([], limit)
  const parameters: unknown[] = []
  const bind = (value: unknown): string => `$${parameters.push(value)}`
  const lines = `FROM lines WHERE ${rangeOf(search, bind).join(' AND ')}`
  const times = [...parameters]
  const conditions = conditionsOf(search, bind)
  const size = limit + 1
  if (conditions.length === 0) {
    const listed = `SELECT id, created_at AS ms ${lines} ORDER BY created_at DESC, id DESC LIMIT ${size}`
    return pageOf(await connections.rows<ListCursor>(listed, parameters), limit)
  }

  const where = conditions.join(' AND ')
  const newest = `SELECT id, created_at, status, section, terms ${lines} ORDER BY created_at DESC, id DESC LIMIT ${NEWEST_LINES}`
  const quick = `SELECT id, created_at AS ms FROM (${newest}) AS newest WHERE ${where}
    ORDER BY created_at DESC, id DESC LIMIT ${size}`
  const page = await connections.rows<ListCursor>(quick, parameters)
  if (page.length === size) return pageOf(page, limit)

  const select = `SELECT id, created_at ${lines} AND ${where}`
  const found: ListCursor[] = []
  for (const { from, before } of await timeRanges(connections, lines, times)) {
    const range = [from, before]
    const matching = `${select} AND created_at >= ${place(parameters, 1)} AND created_at < ${place(parameters, 2)}`
    // Materialized, so that the planner does not go through the range in the order of time.
    const sql = `WITH matching AS MATERIALIZED (${matching})
      SELECT id, created_at AS ms FROM matching ORDER BY created_at DESC, id DESC LIMIT ${size - found.length}`
    found.push(...(await connections.rows<ListCursor>(sql, [...parameters, ...range])))
    if (found.length === size) break
  }
  return pageOf(found, limit)
}

interface Slice {
  readonly from: number
  readonly before: number
}

/** Ranges without gaps from the newest line to the oldest. */
async function timeRanges(
  connections: PostgresConnections,
  lines: string,
  parameters: readonly unknown[],
): Promise<Slice[]> {
  const [ends] = await connections.rows<Record<'newest' | 'first' | 'oldest', number | null>>(
    `SELECT max(created_at) AS newest, min(created_at) AS oldest, (
       SELECT created_at ${lines} ORDER BY created_at DESC, id DESC OFFSET ${FIRST_LINES} LIMIT 1
     ) AS first ${lines}`,
    parameters,
  )
  const { newest = null, oldest = null, first = null } = ends ?? {}
  if (newest === null || oldest === null) return []
  const ranges: Slice[] = []
  let before = newest + 1
  for (let length = newest + 1 - (first ?? oldest); before > oldest; length *= LONGER) {
    const from = Math.max(oldest, newest + 1 - length)
    ranges.push({ from, before })
    before = from
  }
  return ranges
}

function place(parameters: readonly unknown[], next: number): string {
  return `$${parameters.length + next}`
}

type Bind = (value: unknown) => string

function rangeOf({ feed, query: { since, until }, after }: Search, bind: Bind): string[] {
  const range = [`feed = ${bind(feed)}`]
  if (since !== undefined) range.push(`created_at >= ${bind(since)}`)
  if (until !== undefined && until !== Infinity) range.push(`created_at <= ${bind(until)}`)
  if (after) range.push(`(created_at, id) < (${bind(after.ms)}::bigint, ${bind(after.id)})`)
  return range
}

function conditionsOf({ feed, query }: Search, bind: Bind): string[] {
  const { words, author, story, section, statuses } = query
  const terms = [
    ...words.map((word) => searchTermOf(feed, 'w', word)),
    ...(author === undefined ? [] : [searchTermOf(feed, 'a', author)]),
    ...(story === undefined ? [] : [searchTermOf(feed, 's', story)]),
  ]
  const conditions = [
    ...(terms.length > 0 ? [`terms @> ${bind(terms)}::text[]`] : []),
    ...(section === undefined ? [] : [`section = ${bind(section)}`]),
  ]
  if (statuses.length === 0) return conditions
  // The index finds the few lines with a rare status and the other terms at once. A frequent status would make it read
  // a long list for lines that nearly all have it.
  const status =
    terms.length > 0 && statuses.includes(MOST_FREQUENT)
      ? `status = ANY(${bind(statuses)}::text[])`
      : `terms && ${bind(statuses.map((one) => searchTermOf(feed, 't', one)))}::text[]`
  return [...conditions, status]
}
