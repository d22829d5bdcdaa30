import type { TickerWords } from './ticker-words.ts'

/** The words around a line, and the language and direction of the feed; undefined while they are not known. */
export interface Around {
  readonly words: TickerWords
  readonly lang: string | undefined
  readonly linesDir: 'ltr' | 'rtl' | undefined
  /** The server's time. */
  readonly now: number
}
