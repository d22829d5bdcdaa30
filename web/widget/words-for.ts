import { english, type TickerWords } from './words.ts'

/** In a language that the ticker speaks, else in English. Other languages are loaded where they are needed. */
export async function wordsFor(language: string): Promise<TickerWords> {
  if (language === 'en') return english
  const { languages } = await import('./languages.ts')
  return languages.find(({ lang }) => lang === language) ?? english
}
