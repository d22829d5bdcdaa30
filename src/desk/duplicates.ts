import { wordsOf } from './words.ts'

/**
 * The least share of common words (Dice coefficient) in nearly equal texts: one word may be added to three. With a
 * lower
 * share, "Bridge closed" would equal "Bridge not closed"; with a higher one, "BREAKING" would make a short text new.
 */
const LEAST_SHARE = 0.85
/** A shorter word with one changed letter is a different word: Iran and Iraq. */
const LEAST_LETTERS_FOR_TYPOS = 5

/** The text without case, accents and punctuation: equal for two texts that are duplicates. Numbers are kept. */
export function comparableText(text: string): string {
  return wordsOf(text).join(' ')
}

/**
 * Makes a test for texts that are nearly equal to this one. The order of words may differ, words may be inflected by
 * one
 * letter, and one text may have a few more words. A replaced word or another number makes the text different news.
 */
export function nearly(text: string): (other: string) => boolean {
  const words = wordsOf(text)
  return (other) => areNearlySame(words, wordsOf(other))
}

function areNearlySame(left: readonly string[], right: readonly string[]): boolean {
  const { onlyLeft, onlyRight } = unmatched(left, right)
  if (onlyLeft.length > 0 && onlyRight.length > 0) return false
  if ([...onlyLeft, ...onlyRight].some(isNumber)) return false
  const matched = left.length - onlyLeft.length
  return matched > 0 && (2 * matched) / (left.length + right.length) >= LEAST_SHARE
}

function unmatched(left: readonly string[], right: readonly string[]) {
  const onlyRight = [...right]
  const take = (isSame: (word: string) => boolean) => {
    const at = onlyRight.findIndex(isSame)
    if (at >= 0) onlyRight.splice(at, 1)
    return at >= 0
  }
  const inexact = left.filter((word) => !take((candidate) => candidate === word))
  const onlyLeft = inexact.filter((word) => !take((candidate) => isVariant(word, candidate)))
  return { onlyLeft, onlyRight }
}

/** A plural or a typo: one added letter at the end, or one different letter anywhere in a longer word. */
function isVariant(one: string, other: string): boolean {
  if (isNumber(one) || isNumber(other)) return false
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (short.length >= 3 && long.length === short.length + 1 && long.startsWith(short)) return true
  return short.length >= LEAST_LETTERS_FOR_TYPOS && differByOne(short, long)
}

function differByOne(short: string, long: string): boolean {
  if (long.length - short.length > 1) return false
  let from = 0
  while (from < short.length && short[from] === long[from]) from += 1
  const skip = long.length === short.length ? 1 : 0
  return short.slice(from + skip) === long.slice(from + 1)
}

function isNumber(word: string): boolean {
  return /\p{N}/u.test(word)
}
