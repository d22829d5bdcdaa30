import type { FeedTitle } from '../sdk/index.ts'
import { isLanguage } from './is-language.ts'
import type { Settings } from './settings.ts'
import type { TickerWords } from './ticker-words.ts'
import { wordsFor } from './words-for.ts'

// Loaded only by tickers in another language than English or with `font`, and of feeds with words or digits of their own.

/** The texts, once the typefaces of the server are there, too, if the ticker has `font`. */
export async function looksFor(
  language: string,
  feed: FeedTitle | undefined,
  settings: Settings,
  root: ShadowRoot,
): Promise<TickerWords> {
  const { src, font, lang } = settings
  // The ticker itself does not check these two: with a fault in them it loads this part.
  if ((font && font !== 'own') || (lang !== undefined && !isLanguage(lang)))
    void import('./complain.ts').then(({ complain }) => complain(root.host, settings), console.warn)
  const fonts = font === 'own' && showFonts(root, feed?.lang ?? language)
  const [words] = await Promise.all([wordsFor(language, feed, src), fonts])
  return words
}

async function showFonts(root: ShadowRoot, lang: string): Promise<void> {
  const part = await import('./own-fonts.ts').catch(() => undefined)
  if (part) await part.ownFonts(root, lang)
  else console.warn('flashline-ticker: the usual typeface shows')
}
