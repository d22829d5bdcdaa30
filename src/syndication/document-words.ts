import { lineWordsOf } from '../protocol/line-words-for.ts'
import type { DocumentSource } from './document-source.ts'

export interface DocumentWords {
  readonly corrected: string
  readonly updated: string
  readonly withdrawn: string
  readonly held: string
  /** Stands before the title of a correction that is an item of its own. */
  readonly correction: string
}

/** Withdrawn, on hold, correction. */
const english = ['Withdrawn', 'On hold', 'Correction']
const rows: Readonly<Record<string, readonly string[]>> = {
  en: english,
  ar: ['سُحب', 'معلَّق', 'تصحيح'],
  es: ['Retirado', 'En espera', 'Corrección'],
  fr: ['Retiré', 'Suspendu', 'Correction'],
  de: ['Zurückgezogen', 'Zurückgehalten', 'Korrektur'],
  pt: ['Retirado', 'Suspenso', 'Correção'],
  he: ['נמשך', 'מושהה', 'תיקון'],
  it: ['Ritirato', 'Sospeso', 'Rettifica'],
  nl: ['Ingetrokken', 'Aangehouden', 'Correctie'],
  tr: ['Geri çekildi', 'Askıda', 'Düzeltme'],
  fa: ['پس گرفته شد', 'معلق', 'تصحیح'],
}

/** The words of a feed's documents, in the feed's language; English where it has none. */
export function documentWords({ feed, own }: Pick<DocumentSource, 'feed' | 'own'>): DocumentWords {
  const [language = ''] = feed.lang.toLowerCase().split('-')
  const row = Object.hasOwn(rows, language) ? rows[language] : english
  const [withdrawn = '', held = '', correction = ''] = row ?? english
  const { corrected, updated } = lineWordsOf(feed, own?.words)
  return { corrected, updated, withdrawn: own?.words.withdrawn ?? withdrawn, held, correction }
}
