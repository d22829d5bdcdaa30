import { statuses, type Status } from '../protocol/status.ts'
import type { Store } from './store/store.ts'

/** Headlines that one script run looks at: about a millisecond of Redis. */
const LOOKED_AT = 500
/** Script runs for one page; a page that is not full by then says where to go on. */
const RUNS = 10

/** What a headline must have; all of it. */
export interface HeadlineQuery {
  /** Any of these; empty: all. */
  readonly statuses: readonly Status[]
  /** Index terms; each stands in its current text. */
  readonly words: readonly string[]
  /** Person who wrote some version of it. */
  readonly author?: string | undefined
  readonly story?: string | undefined
  /** Another line of its story was changed, and nobody has looked since. */
  readonly attention: boolean
  /** Creation time in ms, both included. */
  readonly since?: number | undefined
  readonly until?: number | undefined
}

/** A headline's place in the list of all, newest first. */
export interface ListCursor {
  readonly id: string
  /** Creation time in ms. */
  readonly ms: number
}

export interface FoundPage {
  readonly found: readonly ListCursor[]
  /** After which place to go on; undefined at the end. A page may be short and go on all the same. */
  readonly next: ListCursor | undefined
}

/**
 * A feed's headlines, newest first, in bounded time however many there are. Over all pages, one that fits throughout
 * is found once, and none is found twice. Errors: UnavailableError.
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
  for (let run = 0; run < RUNS && found.length < limit; run++) {
    const step = await look(store, feed, query, limit - found.length, next)
    found.push(...step.found)
    if (step.ended) return { found, next: undefined }
    next = step.reached
  }
  return { found, next }
}

interface Batch {
  readonly ended: boolean
  readonly found: readonly ListCursor[]
  readonly reached: ListCursor
}

async function look(
  store: Store,
  feed: string,
  query: HeadlineQuery,
  limit: number,
  after: ListCursor | undefined,
): Promise<Batch> {
  const { since = '-inf', until = Infinity } = query
  // The place of a page that was asked with a later `until`.
  const from = after && after.ms <= until ? after : undefined
  const latest = from?.ms ?? (until === Infinity ? '+inf' : until)
  const { any, all } = indexesOf(store, feed, query)
  const reply = await store.scripts['find-headlines'](
    [...any, ...all],
    [any.length, latest, since, from?.id ?? '', limit, LOOKED_AT],
  )
  const [outcome, ...places] = reply as string[]
  const [reached = NOWHERE, ...found] = Array.from({ length: places.length / 2 }, (_, index) => ({
    id: places[index * 2] ?? '',
    ms: Number(places[index * 2 + 1]),
  }))
  return { ended: outcome === 'end', found, reached }
}

const NOWHERE: ListCursor = { id: '', ms: 0 }

function indexesOf({ keys }: Store, feed: string, query: HeadlineQuery): { any: string[]; all: string[] } {
  const of = keys.feed(feed)
  const everything = query.statuses.length === 0 || query.statuses.length === statuses.length
  return {
    any: everything ? [of.lines] : query.statuses.map((status) => of.status(status)),
    all: [
      ...query.words.map((word) => of.word(word)),
      ...(query.author === undefined ? [] : [of.author(query.author)]),
      ...(query.story === undefined ? [] : [of.story(query.story)]),
      ...(query.attention ? [of.attention] : []),
    ],
  }
}
