/**
 * Made words of three languages. Texts of them have the length of a newsroom's lines, and their words the frequencies of
 * a language: the word of rank r is in about 1/r of the texts.
 */
const count = 50_000
const shortest = 80
const longest = 120

/** @typedef {'en' | 'es' | 'ar'} Language */

/** @type {Record<Language, { consonants: string[], vowels: string[] }>} */
const letters = {
  en: { consonants: [...'bdfghklmnprstvw'], vowels: [...'aeiou'] },
  es: { consonants: [...'bcdfglmnñprstv'], vowels: [...'aeioáéíó'] },
  ar: { consonants: [...'بتجحدرسشصطعفقكلمنه'], vowels: [...'اوي'] },
}

export const languages = /** @type {const} */ (['en', 'es', 'ar'])

/** The language of a feed by its number. */
export const languageOf = (/** @type {number} */ feed) => languages[feed % languages.length] ?? 'en'

/** @param {Language} language @returns {string[]} by rank, the most frequent first */
export function wordsIn(language) {
  const { consonants, vowels } = letters[language]
  const syllables = consonants.flatMap((consonant) => vowels.map((vowel) => consonant + vowel))
  return Array.from({ length: count }, (_, rank) => {
    let word = ''
    // Frequent words are short, as in a language.
    for (let rest = rank + 1; rest > 0; rest = Math.floor(rest / syllables.length))
      word += syllables[rest % syllables.length] ?? ''
    const ending = consonants[rank % consonants.length] ?? ''
    return rank % 3 === 0 ? word + ending : `${word}${ending}${vowels[rank % vowels.length]}`
  })
}

/** @returns {number} the rank of a word in running text, from 0 */
export function someRank() {
  return Math.floor(Math.exp(Math.random() * Math.log(count))) - 1
}

/** @returns {number[]} ranks of the words of a text of 80 to 120 graphemes in this language */
export function someText(/** @type {readonly string[]} */ words) {
  const wanted = shortest + Math.random() * (longest - shortest - 10)
  const ranks = []
  for (let length = 0; length < wanted;) {
    const rank = someRank()
    ranks.push(rank)
    length += (words[rank]?.length ?? 0) + 1
  }
  return ranks
}
