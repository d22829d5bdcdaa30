/** A point that an editor may want to check again. A hint never keeps a line from going out. */
export type Hint =
  'mixedDigits' | 'latinPunctuation' | 'tatweel' | 'doubleSpace' | 'speakerWithoutColon' | 'manyWords'

export interface Hinted {
  readonly text: string
  readonly speaker: string
  /** The language of the feed. */
  readonly lang: string
}

/** A reader of a ticker has a few seconds for a line. */
const MOST_WORDS = 20

const digitFamilies = [/[0-9]/, /[\u0660-\u0669]/, /[\u06f0-\u06f9]/, /[\u0966-\u096f]/] as const
const ARABIC_BEFORE_LATIN = /\p{Script=Arabic}\s*[,;?]/u
const DOUBLE_SPACE = /\S\s{2,}\S/u
/** One to four words, and a quotation at once. */
const NAME_AND_QUOTE = /^[\p{L}\p{M}.'’-]+(?:\s[\p{L}\p{M}.'’-]+){0,3}\s?["“”«„]/u

const tests: Readonly<Record<Hint, (hinted: Hinted) => boolean>> = {
  mixedDigits: ({ text }) => digitFamilies.filter((family) => family.test(text)).length > 1,
  latinPunctuation: ({ text }) => ARABIC_BEFORE_LATIN.test(text),
  tatweel: ({ text }) => text.includes('\u0640'),
  doubleSpace: ({ text }) => DOUBLE_SPACE.test(text),
  speakerWithoutColon: ({ text, speaker }) => speaker === '' && NAME_AND_QUOTE.test(text.trim()),
  manyWords: ({ text, lang }) => wordsIn(text, lang) > MOST_WORDS,
}

export function hintsOf(hinted: Hinted): Hint[] {
  return (Object.keys(tests) as Hint[]).filter((hint) => tests[hint](hinted))
}

/** The length in words, by the rules of the language. */
export function wordsIn(text: string, lang: string): number {
  const segments = new Intl.Segmenter(lang, { granularity: 'word' }).segment(text)
  return Array.from(segments).filter(({ isWordLike }) => isWordLike).length
}
