/** Protects the index: a line of 280 graphemes has about 40 words. */
const MAX_TERMS = 40

/** Accents, Arabic and Hebrew vowel points, and the stroke that lengthens a word; other marks are letters. */
const POINTS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]/g

/** Ways to write one Arabic letter that editors mix. */
const letters: Readonly<Record<string, string>> = { ى: 'ي', ی: 'ي', ک: 'ك', ة: 'ه' }
const LETTERS = /[ىیکة]/g

/** All but the Thai and Lao vowel am, which would fall apart into what no dictionary knows. */
const DECOMPOSABLE = /[^\u0e33\u0eb3]+/g
const APOSTROPHES = /['’ʼ]/g
const DIGITS = /\p{Nd}/gu
const ONE_DIGIT = /\p{Nd}/u
/** "U.S" is written "US" too. */
const INITIALS = /^\p{L}(\.\p{L})+$/u

const segmenter = new Intl.Segmenter('und', { granularity: 'word' })

/** The words of a text, in order: equal for what readers take for the same word. Splits scripts without spaces. */
export function wordsOf(text: string): string[] {
  return Array.from(segmenter.segment(fold(text)))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => (INITIALS.test(segment) ? segment.replaceAll('.', '') : segment))
}

/** What a line is found by. */
export function indexTerms(text: string): string[] {
  return [...new Set(wordsOf(text))].slice(0, MAX_TERMS)
}

function fold(text: string): string {
  return text
    .replace(DECOMPOSABLE, (part) => part.normalize('NFKD').replace(POINTS, '').normalize('NFKC'))
    .toUpperCase()
    .toLowerCase()
    .replace(APOSTROPHES, '')
    .replace(LETTERS, (letter) => letters[letter] ?? letter)
    .replace(DIGITS, valueOf)
}

/** The digits of every script are runs of ten in Unicode, from zero on. */
function valueOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (ONE_DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String((code - zero) % 10)
}
