/** Limits the index: a text of 280 graphemes has about 40 words. */
const MAX_TERMS = 40

/** Accents, Arabic and Hebrew vowel points, and the Arabic tatweel; other marks are part of their letter. */
const POINTS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]/g

/** Variants of Arabic letters that editors use interchangeably. */
const letters: Readonly<Record<string, string>> = { ى: 'ي', ی: 'ي', ک: 'ك', ة: 'ه' }
const LETTERS = /[ىیکة]/g

/** Code points that show nothing: a word is the same word with and without them. */
const IGNORABLE = /\p{DI}/gu
/**
 * Characters that are decomposed to compare words. The Thai and Lao vowel am is not: the word segmenter's dictionary
 * does not know it decomposed. A mathematical sign is not: the stroke in it is no accent.
 */
const DECOMPOSABLE = /[^\u0e33\u0eb3\p{Sm}]+/gu
const SIGNS = /\p{Sm}\u0338?/gu
const APOSTROPHES = /['’‘ʼ`´]/g
const DIGITS = /\p{Nd}/gu
const ONE_DIGIT = /\p{Nd}/u
/** Initials such as "U.S", which are also written "US". */
const INITIALS = /^\p{L}(\.\p{L})+$/u

const segmenter = new Intl.Segmenter('und', { granularity: 'word' })

/**
 * The words of a text, in order and normalized: spellings of the same word are equal. Splits scripts without spaces.
 */
export function wordsOf(text: string): string[] {
  return Array.from(segmenter.segment(fold(text)))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => (INITIALS.test(segment) ? segment.replaceAll('.', '') : segment))
}

/** The segments between which a word may begin or end, in order; spaces and punctuation among them. */
export function segmentsOf(folded: string): Iterable<Intl.SegmentData> {
  return segmenter.segment(folded)
}

/** The search terms under which a headline is indexed. */
export function indexTerms(text: string): string[] {
  return [...new Set(wordsOf(text))].slice(0, MAX_TERMS)
}

/** The text without case, accents, apostrophes and invisible characters, with European digits. */
export function fold(text: string, points = POINTS): string {
  return text
    .replace(IGNORABLE, '')
    .replace(SIGNS, (sign) => sign.normalize('NFKC'))
    .replace(DECOMPOSABLE, (part) => part.normalize('NFKD').replace(points, '').normalize('NFKC'))
    .toUpperCase()
    .toLowerCase()
    .replace(APOSTROPHES, '')
    .replace(LETTERS, (letter) => letters[letter] ?? letter)
    .replace(DIGITS, valueOf)
}

/** The value of a digit of any script: in Unicode the ten digits of a script follow each other, beginning with zero. */
function valueOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (ONE_DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String((code - zero) % 10)
}
