import { comparable, type ComparableWord } from './comparable.ts'

/**
 * The least share of common words (Dice coefficient) in nearly equal texts: one word may be added to three. With a lower
 * share, "Bridge closed" would equal "Bridge closed again"; with a higher one, one more word would make most texts new.
 */
const LEAST_SHARE = 0.85
/** In most languages a letter changes a shorter word to another one. */
const LEAST_LETTERS_FOR_TYPOS = 9
/** A person's name with a longer ending says that something is done to the person; two such endings change places. */
const MOST_VARIANTS = 1

/**
 * The text without labels in front, case, accents, punctuation and invisible characters: equal for two texts that are
 * duplicates. Numbers, signs and the order of words are kept.
 */
export function comparableText(text: string): string {
  return keyOf(comparable(text).words)
}

/**
 * Makes a test for texts that are nearly equal to this one. One word may have a plural or a typo, one text may have a few
 * more words, and a source may stand before or behind the news. Another order of words, a replaced word, and one more
 * number, sign or word that changes the meaning make the text different news.
 */
export function nearly(text: string): (other: string) => boolean {
  const one = comparable(text)
  return (candidate) => {
    const other = comparable(candidate)
    return areNearlySame(one.words, other.words) || areTurnedRound(one.parts, other.parts)
  }
}

type Words = readonly ComparableWord[]

/** Whether the longer text has all words of the shorter one in the same order, and little more. */
function areNearlySame(left: Words, right: Words): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left]
  if (short.length === 0 || (2 * short.length) / (short.length + long.length) < LEAST_SHARE) return false
  let matched = 0
  let variants = 0
  for (const [index, word] of long.entries()) {
    const sought = short[matched]
    if (sought?.text === word.text) matched += 1
    else if (sought && isVariant(sought, word)) {
      matched += 1
      variants += 1
    } else if (!mayBeAdded(long, index)) return false
  }
  return matched === short.length && variants <= MOST_VARIANTS
}

/** "Police: three dead" and "Three dead: police". */
function areTurnedRound(left: readonly [Words, Words] | undefined, right: typeof left): boolean {
  if (!left || !right) return false
  const isSame = (one: Words, other: Words) => one.length > 0 && keyOf(one) === keyOf(other)
  return (
    (isSame(left[0], right[1]) && areNearlySame(left[1], right[0])) ||
    (isSame(left[1], right[0]) && areNearlySame(left[0], right[1]))
  )
}

/** A word beside a number says what is counted, or how much more or less. */
function mayBeAdded(words: Words, index: number): boolean {
  const isBesideNumber = words[index - 1]?.isNumber === true || words[index + 1]?.isNumber === true
  return !isBesideNumber && words[index]?.changesMeaning === false
}

/** A plural, or one missing letter within a long word. A letter in place of another one makes another word. */
function isVariant(one: ComparableWord, other: ComparableWord): boolean {
  if (one.changesMeaning || other.changesMeaning) return false
  const [short, long] = one.text.length <= other.text.length ? [one.text, other.text] : [other.text, one.text]
  if (long.length !== short.length + 1) return false
  return isPlural(short, long) || (short.length >= LEAST_LETTERS_FOR_TYPOS && lacksOneLetter(short, long))
}

/** Behind these endings an s makes a passive in Scandinavian languages: "killed" and "was killed". */
const PASSIVE = /(?:[adt]de|te|[ai]t|tt)$/u
const LATIN = /^\p{Script=Latin}+$/u

function isPlural(short: string, long: string): boolean {
  if (short.length < 3 || !long.startsWith(short) || !LATIN.test(long)) return false
  return (long.endsWith('s') && !PASSIVE.test(short)) || (long.endsWith('e') && short.endsWith('s'))
}

/** Not the first letter, which may be a negation, nor the last one, which may be a case, nor the w of a Bantu passive. */
function lacksOneLetter(short: string, long: string): boolean {
  let at = 0
  while (at < short.length && short[at] === long[at]) at += 1
  return at > 0 && at < short.length && long[at] !== 'w' && short.slice(at) === long.slice(at + 1)
}

function keyOf(words: Words): string {
  return words.map(({ text }) => text).join(' ')
}
