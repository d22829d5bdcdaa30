import type { FoundPage, HeadlineQuery, ListCursor } from '../../eventlog/find-headlines.ts'
import { pageOf } from './page-of.ts'
import type { PostgresConnections } from './postgres-connections.ts'
import { searchTermOf } from './search-terms.ts'

/**
 * Lines that are looked at one by one, newest first, before the index of terms. A frequent word fills a page from them;
 * the index would first collect all lines with the word.
 */
const NEWEST_LINES = 2_000

interface Search {
  readonly feed: string
  readonly query: HeadlineQuery
  readonly limit: number
  readonly after: ListCursor | undefined
}

/** Errors: ArchiveError. */
export async function findInPostgres(connections: PostgresConnections, search: Search): Promise<FoundPage> {
  const { query, limit } = search
  if (query.attention) return pageOf([], limit)
  const parameters: unknown[] = []
  const bind = (value: unknown): string => `$${parameters.push(value)}`
  const range = rangeOf(search, bind)
  const conditions = conditionsOf(search, bind)
  const rows = (sql: string): Promise<ListCursor[]> => connections.rows<ListCursor>(sql, parameters)
  const lines = `SELECT id, created_at, status, story, authors, terms FROM lines WHERE ${range.join(' AND ')}`
  const size = limit + 1
  if (conditions.length === 0) return pageOf(await rows(listed(lines, size)), limit)

  const where = conditions.join(' AND ')
  const newest = `${lines} ORDER BY created_at DESC, id DESC LIMIT ${NEWEST_LINES}`
  const quick = await rows(listed(`SELECT id, created_at FROM (${newest}) AS newest WHERE ${where}`, size))
  if (quick.length === size) return pageOf(quick, limit)
  // Materialized, so that the planner does not go through all lines in the order of time.
  const found = `WITH found AS MATERIALIZED (${lines} AND ${where}) `
  return pageOf(await rows(found + listed('SELECT id, created_at FROM found', size)), limit)
}

function listed(select: string, size: number): string {
  return `SELECT id, created_at AS ms FROM (${select}) AS matching ORDER BY created_at DESC, id DESC LIMIT ${size}`
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
  const { words, author, story, statuses } = query
  const terms = [
    ...words.map((word) => searchTermOf(feed, 'w', word)),
    ...(author === undefined ? [] : [searchTermOf(feed, 'a', author)]),
    ...(story === undefined ? [] : [searchTermOf(feed, 's', story)]),
  ]
  const conditions = terms.length > 0 ? [`terms @> ${bind(terms)}::text[]`] : []
  if (statuses.length === 0) return conditions
  // A frequent status makes a search by words slower, where the index looks for the status too.
  const status =
    terms.length > 0
      ? `status = ANY(${bind(statuses)}::text[])`
      : `terms && ${bind(statuses.map((one) => searchTermOf(feed, 't', one)))}::text[]`
  return [...conditions, status]
}
