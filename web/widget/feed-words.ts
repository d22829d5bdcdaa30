import { localeOf } from '../../src/protocol/locale-of.ts'
import { readOwnTable } from '../../src/protocol/own-table.ts'
import { withOwnWords } from '../../src/protocol/own-words.ts'
import { loadWords } from '../lines/load-words.ts'
import type { FeedTitle } from '../sdk/index.ts'
import type { TickerWords } from './ticker-words.ts'

// Loaded only by tickers of a feed with words or digits of its own.

/** The usual texts with those of the feed in their place. */
export async function feedWords(
  usual: TickerWords,
  language: string,
  feed: FeedTitle,
  src: string,
): Promise<TickerWords> {
  const table = feed.words ? await loadWords(src, feed.id, readOwnTable) : undefined
  const words = withOwnWords(usual, language, feed, table?.words)
  const { times } = words
  return times ? { ...words, times: { ...times, locale: localeOf(times.lang, feed.numbering) } } : words
}
