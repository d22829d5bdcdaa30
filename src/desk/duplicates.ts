import { wordsOf } from './words.ts'

/**
 * The least share of words that nearly equal lines have in common (Dice): to three words one may be added. With less,
 * "Bridge closed" and "Bridge not closed" would be the same; with more, a short line could not grow by "BREAKING".
 */
const LEAST_SHARE = 0.85
/** Shorter words with one letter changed are other words: Iran and Iraq. */
const LEAST_LETTERS_FOR_TYPOS = 5

/** What equal lines have in common, whatever their case, accents and punctuation. Numbers count. */
export function comparableText(text: string): string {
  return wordsOf(text).join(' ')
}

/**
 * Tells which lines say nearly the same as this one. Words may stand in another order, be inflected by one letter, and a few may
 * be added on one side; where one word stands for another, or a number differs, it is other news.
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

/** A plural or a typo: one letter more at the end, or in a longer word one letter anywhere. */
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
