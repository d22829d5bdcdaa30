import { ArchiveError } from '../../archive/archive.ts'
import { readLine } from '../../archive/reading/read-line.ts'
import { readPart } from '../../eventlog/editions.ts'
import { listFeedIds } from '../../eventlog/feeds/feeds.ts'
import { inEachFeed } from '../../eventlog/feeds/in-each-feed.ts'
import type { HeadlineRecord } from '../../eventlog/read-headline.ts'
import { Problem } from '../../platform/problem.ts'
import { atLeast } from '../../protocol/lists/roles.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { problemOf } from '../http/problem-of.ts'
import type { Principal } from '../http/principal.ts'

export interface EditionPart {
  readonly feed: string
  readonly record: HeadlineRecord
}

/** The parts of an edition in the feeds that the caller may read, by feed. Errors: Problem, UnavailableError. */
export async function readParts(
  { store, archive }: ApiDeps,
  edition: string,
  who: Principal,
): Promise<EditionPart[]> {
  const feeds = await listFeedIds(store)
  const allowed = feeds.filter((feed) => atLeast(who.roleIn(feed), 'reader'))
  const found = await inEachFeed(store, allowed, 'edition', async (feed) => {
    const id = await readPart(store, feed, edition)
    const record =
      id === undefined ? undefined : await readArchived(() => readLine({ store, archive }, feed, id))
    return record && { feed, record }
  })
  const parts = found.filter((part) => part !== undefined)
  if (parts.length === 0) throw new Problem('no-such-edition')
  return parts
}

/** An archive that is away is no damage of the feed. */
async function readArchived<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ArchiveError) throw problemOf(error)
    throw error
  }
}
