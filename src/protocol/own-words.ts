import { directionOf } from './direction-of.ts'
import type { FeedTitle } from './feed.ts'
import type { LineWords } from './line-words.ts'
import { urgencies } from './lists/urgencies.ts'
import type { WordKey } from './lists/word-keys.ts'
import { localeOf } from './locale-of.ts'

export type OwnWords = Readonly<Partial<Record<WordKey, string>>>

/** All words of `PageLineWords`. */
const lineKeys = [
  ...urgencies,
  'corrected',
  'updated',
  'pinned',
  'empty',
  'frozen',
  'refused',
  'notLive',
] as const satisfies readonly WordKey[]

/**
 * The usual words with the feed's own words and digits in their place. Words in another language than the feed's stay
 * as they are: the feed's table is in its own language.
 *
 * @param lang the language of the request
 * @param usual the words of that language, or English ones where it has none
 */
export function withOwnWords<T extends LineWords>(
  usual: T,
  lang: string,
  feed: Pick<FeedTitle, 'lang' | 'numbering'>,
  own: OwnWords = {},
): T {
  const language = languageOf(lang)
  if (language !== languageOf(feed.lang)) return usual
  const { label, flash, bulletin, urgent, routine, ...others } = own
  const urgency = { ...usual.urgency, ...defined({ flash, bulletin, urgent, routine }) }
  // English words that remain would be read aloud in the feed's language.
  const isWhole = lineKeys.every((key) => own[key] !== undefined)
  const spoken = isWhole
    ? { lang: language, dir: directionOf(feed.lang) }
    : { lang: usual.lang, dir: usual.dir }
  const locale = spoken.lang === language ? localeOf(language, feed.numbering) : usual.locale
  return { ...usual, ...others, ...defined({ breaking: label }), urgency, ...spoken, locale }
}

function defined(words: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(words).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

function languageOf(lang: string): string {
  return lang.toLowerCase().split('-')[0] ?? ''
}
