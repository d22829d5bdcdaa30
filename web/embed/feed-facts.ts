import type { EmbedSettings } from '../../src/protocol/embed.ts'
import type { FeedTitle } from '../../src/protocol/feed.ts'
import { labelOf } from '../../src/protocol/label-of.ts'
import { readOwnTable } from '../../src/protocol/own-table.ts'
import { loadWords } from '../lines/load-words.ts'
import { readable, record } from '../sdk/read-frame.ts'

const LIMIT_MS = 10_000

/** The sections and regions of a feed's headlines and labels, each slug with its name. */
export interface FeedFacts {
  readonly section: ReadonlyMap<string, string>
  readonly region: ReadonlyMap<string, string>
}

/** Undefined if the feed cannot be read. */
export async function loadFacts(feed: FeedTitle): Promise<FeedFacts | undefined> {
  const [lines, table] = await Promise.all([
    loadStrip(feed.id),
    feed.words === undefined ? undefined : loadWords(location.origin, feed.id, readOwnTable),
  ])
  const labels = table?.labels ?? {}
  const named = (slugs: readonly string[]): ReadonlyMap<string, string> =>
    new Map([...new Set(slugs)].sort().map((slug) => [slug, labelOf(slug, labels)]))
  return (
    lines && {
      section: named(lines.flatMap(({ section }) => section)),
      region: named(lines.flatMap(({ regions }) => regions)),
    }
  )
}

/** The number of headlines that pass the filter now; undefined if that cannot be read. */
export async function countPassing(
  feed: string,
  { section = '', region = '', urgency = '' }: EmbedSettings,
): Promise<number | undefined> {
  const filters = Object.entries({ section, region, urgency }).filter(([, value]) => value !== '')
  return (await loadStrip(feed, `?${new URLSearchParams(filters).toString()}`))?.length
}

interface Slugs {
  readonly section: readonly string[]
  readonly regions: readonly string[]
}

async function loadStrip(feed: string, query = ''): Promise<readonly Slugs[] | undefined> {
  try {
    const answer = await fetch(`/v1/feeds/${feed}${query}`, { signal: AbortSignal.timeout(LIMIT_MS) })
    return answer.ok ? readable(record(await answer.json()).strip, readSlugs) : undefined
  } catch {
    return undefined
  }
}

function readSlugs(line: unknown): Slugs {
  const { section, regions } = record(line)
  return { section: textsOf([section]), regions: textsOf(regions) }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
