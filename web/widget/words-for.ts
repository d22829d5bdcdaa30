import { english, type TickerWords } from './words.ts'

/** The texts in a language, or in English if the ticker has no translation. Other languages are loaded when needed. */
export async function wordsFor(language: string): Promise<TickerWords> {
  if (language === 'en') return english
  const { languages } = await import('./languages.ts')
  return languages.find(({ lang }) => lang === language) ?? english
}
