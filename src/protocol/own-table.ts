import type { Labels } from './label-of.ts'
import { wordKeys } from './lists/word-keys.ts'
import type { OwnWords } from './own-words.ts'

/** A longer text is no word: the server takes none. A grapheme may have several code units. */
const MAX_LENGTH = 500
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

/** A feed's own words, and its names of sections and regions. */
export interface OwnTable {
  readonly words: OwnWords
  readonly labels: Labels
}

/** An answer of `/v1/feeds/{feed}/words`, for browsers, which have no zod. Words of a newer server are left out. Errors: TypeError. */
export function readOwnTable(answer: unknown): OwnTable {
  const { words, labels } = objectOf(answer)
  const known = Object.entries(textsOf(words)).filter(([key]) =>
    (wordKeys as readonly string[]).includes(key),
  )
  return { words: Object.fromEntries(known), labels: textsOf(labels) }
}

function textsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(objectOf(value))
  for (const [key, text] of entries)
    if (typeof text !== 'string' || text === '' || text.length > MAX_LENGTH || CONTROL.test(text))
      throw new TypeError(`${key} is no word`)
  return Object.fromEntries(entries) as Record<string, string>
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new TypeError('it is no table')
  return value as Record<string, unknown>
}
