import type { Urgency } from './lists/urgencies.ts'

/**
 * Words around a line in one language. The ticker, the page `/`, frames, pieces of HTML and the builder all take them
 * from here and from `line-words-for.ts`.
 */
export interface LineWords {
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  /** The locale of times and numbers: the language, and the digits where they are not the language's usual ones. */
  readonly locale: string
  readonly urgency: Readonly<Record<Urgency, string>>
  /** The time of the correction follows. */
  readonly corrected: string
  /** The time of the update follows. */
  readonly updated: string
  readonly pinned: string
  /** A feed without lines. */
  readonly empty: string
  /** A feed that the newsroom has stopped. */
  readonly frozen: string
  /** A feed that may not be read. */
  readonly refused: string
}

/** The words of pages from the server. The ticker needs no more than `LineWords`. */
export interface PageLineWords extends LineWords {
  /** The note of lines that are not live. */
  readonly notLive: string
}

/** A file of its own: the ticker has these words in its script and loads other languages when it needs them. */
export const english: LineWords = {
  lang: 'en',
  dir: 'ltr',
  locale: 'en',
  urgency: { flash: 'Flash', bulletin: 'Bulletin', urgent: 'Urgent', routine: 'News' },
  corrected: 'Corrected',
  updated: 'Updated',
  pinned: 'Pinned',
  empty: 'No breaking news',
  frozen: 'Stopped by the newsroom',
  refused: 'Not available',
}

/** The log and newer servers may have an urgency that this version does not know. */
export function urgencyWord({ urgency: words }: Pick<LineWords, 'urgency'>, urgency: string): string {
  return (words as Partial<Record<string, string>>)[urgency] ?? urgency
}
