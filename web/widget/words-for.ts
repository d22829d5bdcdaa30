import { english, type TickerWords } from './words.ts'

/**
 * The texts in a language, or in English if the ticker has no translation. Some of these languages have times of their
 * own. Other languages than English are loaded when needed.
 */
export async function wordsFor(language: string): Promise<TickerWords> {
  if (language === 'en') return english
  const { languages, timesFrom } = await import('./languages.ts')
  const words = languages.find(({ lang }) => lang === language)
  const source = timesFrom(language)
  if (words || !source) return words ?? english
  const part = source === 'part' && (await import('./own-time-text.ts'))
  return {
    ...english,
    times: { lang: language, ...(part && { text: part.ownTimeText, clock: part.ownClockText }) },
  }
}
