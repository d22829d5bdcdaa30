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
/** Matches of a feed that are read at once, whatever their time; more of them cost more than the times of a long range. */
const MOST_AT_ONCE = 1_000
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
 * the index of terms has no order, so it would first give all lines with a frequent word. In a range PostgreSQL reads only
 * the lines that both the index of terms and that of times have. Where the ranges so far let expect few matches in the
 * whole feed, the index of terms alone gives the others: a long range has too many times. Errors: ArchiveError.
 */
export async function findInPostgres(connections: PostgresConnections, search: Search): Promise<FoundPage> {
  const { query, limit } = search
  if (query.attention) return pageOf([], limit)
  const parameters: unknown[] = []
  const bind = (value: unknown): string => `$${parameters.push(value)}`
  // The feed is the first parameter.
  const range = rangeOf(search, bind)
  const times = [...parameters]
  const lines = `FROM lines WHERE ${range.join(' AND ')}`
  const { terms, others } = conditionsOf(search, bind)
  const conditions = [...terms, ...others]
  const size = limit + 1
  if (conditions.length === 0) {
    const listed = `SELECT id, created_at AS ms ${lines} ORDER BY created_at DESC, id DESC LIMIT ${size}`
    return pageOf(await connections.rows<ListCursor>(listed, parameters), limit)
  }

  const plan = { lines, range, terms, others, parameters, times, size }
  const page = isRare(query) ? [] : await findAmongNewest(connections, plan)
  return pageOf(page.length === size ? page : await findInRanges(connections, plan), limit)
}

/** The parts of the statements; `times`: the parameters of `range` alone. */
interface Plan extends Conditions {
  readonly lines: string
  readonly range: readonly string[]
  readonly parameters: readonly unknown[]
  readonly times: readonly unknown[]
  readonly size: number
}

function findAmongNewest(
  connections: PostgresConnections,
  { lines, terms, others, parameters, size }: Plan,
): Promise<ListCursor[]> {
  const newest = `SELECT id, created_at, status, section, terms ${lines} ORDER BY created_at DESC, id DESC LIMIT ${NEWEST_LINES}`
  const quick = `SELECT id, created_at AS ms FROM (${newest}) AS newest WHERE ${[...terms, ...others].join(' AND ')}
    ORDER BY created_at DESC, id DESC LIMIT ${size}`
  return connections.rows<ListCursor>(quick, parameters)
}

async function findInRanges(
  connections: PostgresConnections,
  { lines, range, terms, others, parameters, times, size }: Plan,
): Promise<ListCursor[]> {
  const between = `created_at >= ${place(parameters, 1)} AND created_at < ${place(parameters, 2)}`
  const byBoth = `SELECT id, created_at ${lines} AND ${[...terms, ...others, between].join(' AND ')}`
  // OFFSET 0, so that the planner takes no other index than that of terms.
  const byTerms = `SELECT id, created_at FROM (SELECT * FROM lines WHERE ${terms.join(' AND ')} OFFSET 0) AS lines
    WHERE ${[...range, ...others, between].join(' AND ')}`
  const found: ListCursor[] = []
  const read = async (matching: string, { from, before }: Slice) => {
    // Materialized, so that the planner does not go through the range in the order of time.
    const sql = `WITH matching AS MATERIALIZED (${matching})
      SELECT id, created_at AS ms FROM matching ORDER BY created_at DESC, id DESC LIMIT ${size - found.length}`
    found.push(...(await connections.rows<ListCursor>(sql, [...parameters, from, before])))
  }
  const { ranges, end, oldest, feedMs } = await timesOf(connections, lines, times)
  for (const { from, before } of ranges) {
    await read(byBoth, { from, before })
    if (found.length === size) break
    const expected = (found.length * feedMs) / (end - from)
    if (terms.length === 0 || expected > MOST_AT_ONCE) continue
    if (from > oldest) await read(byTerms, { from: oldest, before: from })
    break
  }
  return found
}

/** Too few of the newest lines have a rare status to fill a page. */
function isRare({ statuses }: HeadlineQuery): boolean {
  return statuses.length > 0 && !statuses.includes(MOST_FREQUENT)
}

interface Slice {
  readonly from: number
  readonly before: number
}

interface FeedTimes {
  /** Without gaps from the newest line to the oldest. */
  readonly ranges: readonly Slice[]
  readonly end: number
  readonly oldest: number
  /** From the first line of the feed to its last one, whatever the search asks for. */
  readonly feedMs: number
}

async function timesOf(
  connections: PostgresConnections,
  lines: string,
  parameters: readonly unknown[],
): Promise<FeedTimes> {
  const [ends] = await connections.rows<Record<'newest' | 'first' | 'oldest' | 'ms', number | null>>(
    `SELECT max(created_at) AS newest, min(created_at) AS oldest, (
       SELECT created_at ${lines} ORDER BY created_at DESC, id DESC OFFSET ${FIRST_LINES} LIMIT 1
     ) AS first, (
       SELECT max(created_at) - min(created_at) + 1 FROM lines WHERE feed = $1
     ) AS ms ${lines}`,
    parameters,
  )
  const { newest = null, oldest = null, first = null, ms = null } = ends ?? {}
  if (newest === null || oldest === null) return { ranges: [], end: 0, oldest: 0, feedMs: 0 }
  const end = newest + 1
  const ranges: Slice[] = []
  let before = end
  for (let length = end - (first ?? oldest); before > oldest; length *= LONGER) {
    const from = Math.max(oldest, end - length)
    ranges.push({ from, before })
    before = from
  }
  return { ranges, end, oldest, feedMs: ms ?? 0 }
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

interface Conditions {
  /** On the terms of a line, which have an index. */
  readonly terms: readonly string[]
  readonly others: readonly string[]
}

function conditionsOf({ feed, query }: Search, bind: Bind): Conditions {
  const { words, author, story, section, statuses } = query
  const all = [
    ...words.map((word) => searchTermOf(feed, 'w', word)),
    ...(author === undefined ? [] : [searchTermOf(feed, 'a', author)]),
    ...(story === undefined ? [] : [searchTermOf(feed, 's', story)]),
  ]
  const terms = all.length > 0 ? [`terms @> ${bind(all)}::text[]`] : []
  const others = section === undefined ? [] : [`section = ${bind(section)}`]
  if (statuses.length === 0) return { terms, others }
  // The index finds the few lines with a rare status and the other terms at once. A frequent status would make it read
  // a long list for lines that nearly all have it.
  if (all.length > 0 && statuses.includes(MOST_FREQUENT))
    return { terms, others: [...others, `status = ANY(${bind(statuses)}::text[])`] }
  const any = statuses.map((one) => searchTermOf(feed, 't', one))
  return { terms: [...terms, `terms && ${bind(any)}::text[]`], others }
}
