import { statuses, type Status } from '../protocol/lists/statuses.ts'
import { readSummaries } from './read-summaries.ts'
import { answered, classified } from './store/scripts.ts'
import type { Store } from './store/store.ts'

/** Headlines that one script run checks at most: about one millisecond of Redis's time. */
const CHECKS_PER_RUN = 500
/** Headlines that one run reads to look at their section. */
const READ_PER_RUN = 100
/** Script runs for one page at most. A page that is not full after them has a cursor to go on from. */
const RUNS_PER_PAGE = 10

/** Conditions that a headline must meet, all of them. */
export interface HeadlineQuery {
  /** The headline has one of these; an empty list allows every status. */
  readonly statuses: readonly Status[]
  /** Index terms that the current text contains, all of them. */
  readonly words: readonly string[]
  /** Id of the person who wrote one of its versions. */
  readonly author?: string | undefined
  readonly story?: string | undefined
  /** Section of the current content. It has no index in Redis: the headlines that meet the rest are read. */
  readonly section?: string | undefined
  /** Only flagged headlines: another headline of the story has changed since the last act on this one. */
  readonly attention: boolean
  /** Range of the creation time in ms, both ends included. */
  readonly since?: number | undefined
  readonly until?: number | undefined
}

/** Marks a headline in the list of all headlines, newest first; the next page begins after it. */
export interface ListCursor {
  readonly id: string
  /** Creation time in ms. */
  readonly ms: number
}

export interface FoundPage {
  readonly found: readonly ListCursor[]
  /** Cursor of the next page; undefined on the last page. A page that is not full may still have a next page. */
  readonly next: ListCursor | undefined
}

/**
 * Finds a feed's headlines, newest first, in bounded time whatever their number. No headline is on two pages, and a
 * headline that meets the conditions while all pages are read is on exactly one. Errors: UnavailableError.
 */
export async function findHeadlines(
  store: Store,
  feed: string,
  query: HeadlineQuery,
  limit: number,
  after?: ListCursor,
): Promise<FoundPage> {
  const found: ListCursor[] = []
  let next = after
  for (let run = 0; run < RUNS_PER_PAGE && found.length < limit; run++) {
    const wanted = limit - found.length
    const batch = await findBatch(
      store,
      feed,
      query,
      query.section === undefined ? wanted : READ_PER_RUN,
      next,
    )
    const fitting = await inSection(store, feed, query, batch.found)
    found.push(...fitting.slice(0, wanted))
    if (fitting.length > wanted) return { found, next: found.at(-1) }
    if (batch.ended) return { found, next: undefined }
    next = batch.reached
  }
  return { found, next }
}

/** Errors: UnavailableError. */
async function inSection(
  store: Store,
  feed: string,
  { section }: HeadlineQuery,
  found: readonly ListCursor[],
): Promise<readonly ListCursor[]> {
  if (section === undefined) return found
  const summaries = await readSummaries(
    store,
    feed,
    found.map(({ id }) => id),
  )
  return found.filter((_, at) => summaries[at]?.content?.section === section)
}

/**
 * Which of these headlines are in Redis, and which of those meet the conditions. A headline that leaves or comes back
 * meanwhile counts as absent. Errors: UnavailableError.
 */
export async function presentAndFitting(
  store: Store,
  feed: string,
  query: HeadlineQuery,
  ids: readonly string[],
): Promise<{ readonly present: ReadonlySet<string>; readonly fitting: ReadonlySet<string> }> {
  if (ids.length === 0) return { present: new Set(), fitting: new Set() }
  const { states, headlines } = store.keys.feed(feed)
  const { any, all: indexes } = indexesOf(store, feed, query)
  // No transaction: Redis with full memory refuses those.
  const batch = store.redis.pipeline().hmget(states, ...ids)
  for (const index of [headlines, ...any, ...indexes]) batch.zmscore(index, ...ids)
  const replies = ((await answered(batch.hmget(states, ...ids).exec())) ?? []).map(([error, reply]) => {
    if (error) throw classified(error)
    return reply as (string | null)[]
  })
  const isIn = (reply: number, at: number) => (replies[reply]?.[at] ?? null) !== null
  const { since = -Infinity, until = Infinity } = query
  const present = ids.filter((_, at) => isIn(0, at) && isIn(replies.length - 1, at))
  const fitting = ids.filter((_, at) => {
    const ms = Number(replies[1]?.[at])
    const inAny = any.some((_index, n) => isIn(2 + n, at))
    return inAny && indexes.every((_index, n) => isIn(2 + any.length + n, at)) && ms >= since && ms <= until
  })
  const inRedis = new Set(present)
  const cursors = fitting.filter((id) => inRedis.has(id)).map((id) => ({ id, ms: 0 }))
  const chosen = await inSection(store, feed, query, cursors)
  return { present: inRedis, fitting: new Set(chosen.map(({ id }) => id)) }
}

interface Batch {
  readonly ended: boolean
  readonly found: readonly ListCursor[]
  readonly reached: ListCursor
}

async function findBatch(
  store: Store,
  feed: string,
  query: HeadlineQuery,
  limit: number,
  after: ListCursor | undefined,
): Promise<Batch> {
  const { since = '-inf', until = Infinity } = query
  // A caller may send the cursor of a list that had a later `until`; that headline is newer than this list's time
  // range.
  const from = after && after.ms <= until ? after : undefined
  const latest = from?.ms ?? (until === Infinity ? '+inf' : until)
  const { any, all } = indexesOf(store, feed, query)
  const reply = await store.scripts['find-headlines'](
    [...any, ...all],
    [any.length, latest, since, from?.id ?? '', limit, CHECKS_PER_RUN],
  )
  const [outcome, ...pairs] = reply as string[]
  const [reached = NO_HEADLINE, ...found] = Array.from({ length: pairs.length / 2 }, (_, index) => ({
    id: pairs[index * 2] ?? '',
    ms: Number(pairs[index * 2 + 1]),
  }))
  return { ended: outcome === 'end', found, reached }
}

const NO_HEADLINE: ListCursor = { id: '', ms: 0 }

function indexesOf({ keys }: Store, feed: string, query: HeadlineQuery): { any: string[]; all: string[] } {
  const feedKeys = keys.feed(feed)
  const anyStatus = query.statuses.length === 0 || query.statuses.length === statuses.length
  return {
    any: anyStatus ? [feedKeys.headlines] : query.statuses.map((status) => feedKeys.status(status)),
    all: [
      ...query.words.map((word) => feedKeys.word(word)),
      ...(query.author === undefined ? [] : [feedKeys.author(query.author)]),
      ...(query.story === undefined ? [] : [feedKeys.story(query.story)]),
      ...(query.attention ? [feedKeys.attention] : []),
    ],
  }
}
