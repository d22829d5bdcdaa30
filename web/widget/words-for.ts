import type { FeedTitle } from '../sdk/index.ts'
import { english, type TickerWords } from './ticker-words.ts'

// Loaded only by tickers in another language than English, and of feeds with words or digits of their own.

/**
 * The texts in a language, or in English if the ticker has no translation. Some of these languages have times of their
 * own, and a feed may have words and digits of its own.
 *
 * @param src URL of the server
 */
export async function wordsFor(language: string, feed?: FeedTitle, src = ''): Promise<TickerWords> {
  const usual = await usualWords(language)
  if (!feed?.words && !feed?.numbering) return usual
  const { feedWords } = await import('./feed-words.ts')
  return feedWords(usual, language, feed, src)
}

async function usualWords(language: string): Promise<TickerWords> {
  if (language === 'en') return english
  const { languages, timesFrom } = await import('./languages.ts')
  const words = languages.find(({ lang }) => lang === language)
  const source = timesFrom(language)
  if (words || !source) return words ?? english
  const part = source === 'part' && (await import('./own-time-text.ts'))
  return {
    ...english,
    times: {
      lang: language,
      locale: language,
      ...(part && { text: part.ownTimeText, clock: part.ownClockText }),
    },
  }
}
