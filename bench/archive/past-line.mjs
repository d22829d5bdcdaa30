/** Makes lines of past days as the worker has moved them to the archive: the same records, terms and sizes. */
import { createHash, randomBytes } from 'node:crypto'
import { languageOf, languages, someText, wordsIn } from './newsroom-words.mjs'

const people = 40
export const dayMs = 86_400_000
export const years = 3
/** A line in so many is corrected once, and one in so many is withdrawn; the others expire. */
const correctedOneIn = 5
const withdrawnOneIn = 10
/** Lines of a feed follow each other in a story. */
export const linesPerStory = 4

/** @typedef {import('../../src/archive/archive.ts').ArchivedLine} ArchivedLine */

export const feedName = (/** @type {number} */ feed) => `feed${String(feed + 1).padStart(2, '0')}`
export const personOf = (/** @type {number} */ n) => `u_person${String(n % people).padStart(14, '0')}`
export const storyOf = (/** @type {number} */ n) => `story-${Math.floor(n / linesPerStory)}`

/** Texts with their index terms, which are those that the service finds in them. */
export class Texts {
  /** @param {(text: string) => string[]} indexTerms */
  constructor(indexTerms) {
    this.words = Object.fromEntries(languages.map((language) => [language, wordsIn(language)]))
    this.terms = Object.fromEntries(
      languages.map((language) => [
        language,
        (this.words[language] ?? []).map((word) => indexTerms(word)[0] ?? ''),
      ]),
    )
    for (const language of languages) {
      const { text, terms } = this.some(language)
      const found = indexTerms(text)
      if (found.join(' ') !== terms.join(' '))
        throw new Error(`the terms of "${text}" are ${found.join(' ')}, not ${terms.join(' ')}`)
    }
  }

  /** @param {import('./newsroom-words.mjs').Language} language */
  some(language) {
    const [words = [], terms = []] = [this.words[language], this.terms[language]]
    const ranks = someText(words)
    return {
      text: ranks.map((rank) => words[rank]).join(' '),
      terms: [...new Set(ranks.map((rank) => terms[rank] ?? ''))],
    }
  }
}

/**
 * @param {Texts} texts
 * @param {number} n from 0, the oldest line, to count
 * @param {{ count: number, feeds: number, now: number }} all lines of the three years up to `now`
 * @returns {ArchivedLine}
 */
export function pastLine(texts, n, { count, feeds, now }) {
  const number = Math.floor(n / feeds)
  const feed = n % feeds
  const createdAt = Math.floor(now - (count - n) * ((years * 365 * dayMs) / count)) - dayMs
  const [isCorrected, isWithdrawn] = [number % correctedOneIn === 1, number % withdrawnOneIn === 2]
  const { text, terms } = texts.some(languageOf(feed))
  const person = personOf(number)
  const act = { by: `user:${person}`, person, name: 'Ann Example', ip: '192.0.2.17' }
  const content = contentOf(number, text, createdAt)
  const endedAt = createdAt + (isWithdrawn ? 3_600_000 : dayMs)
  const acts = [
    { action: 'release', at: createdAt, act, content },
    ...(isCorrected
      ? [
          {
            action: 'correct',
            at: createdAt + 600_000,
            act,
            content: { ...content, note: 'A name was wrong.' },
          },
        ]
      : []),
    isWithdrawn
      ? { action: 'withdraw', at: endedAt, act, content: { note: 'The report was not confirmed.' } }
      : { action: 'expire', at: endedAt, act: { by: 'flashline', reason: 'time-over' } },
  ]
  const positions = acts.map((_, index) => `pastpast:${number * 3 + index + 1}`)
  const state = {
    version: acts.length,
    status: isWithdrawn ? 'withdrawn' : 'expired',
    createdAt,
    publishedAt: createdAt,
    place: number * 3 + 1,
    shown: acts.length,
    ...{ contentVersion: isCorrected ? 2 : 1, contentShown: isCorrected ? 2 : 1 },
    ...{ contentExpiresAt: createdAt + dayMs, expiresAt: createdAt + dayMs },
    ...(isCorrected && { corrected: createdAt + 600_000 }),
    textHash: createHash('sha1').update(text).digest('hex'),
    story: content.story,
    desk: JSON.stringify({ createdBy: person, authors: [person], expiresByDefault: true }),
  }
  const versions = Object.fromEntries(
    acts.flatMap(({ action, at, act, content }, index) => {
      const saved = { version: index + 1, action, savedAt: new Date(at).toISOString(), act }
      return [
        [`${index + 1}`, JSON.stringify(saved)],
        ...(content ? [[`${index + 1}:content`, JSON.stringify(content)]] : []),
        [`${index + 1}:position`, positions[index] ?? ''],
        [`${index + 1}:due`, String(at)],
      ]
    }),
  )
  return {
    ...{ feed: feedName(feed), id: randomBytes(16).toString('base64url'), createdAt, endedAt },
    status: isWithdrawn ? 'withdrawn' : 'expired',
    version: acts.length,
    ...{ story: content.story, section: content.section, authors: [person], words: terms },
    stored: {
      state: JSON.stringify(state),
      versions: { ...versions, words: terms.join(' ') },
      released: createdAt,
      receipts: Object.fromEntries(
        positions.map((position) => [position, { [gateway]: receiptJson(createdAt) }]),
      ),
    },
  }
}

/**
 * @param {number} n
 * @param {string} text
 * @param {number} releasedAt
 */
export function contentOf(n, text, releasedAt) {
  return {
    text,
    urgency: n % 20 === 0 ? /** @type {const} */ ('flash') : /** @type {const} */ ('bulletin'),
    section: n % 2 === 0 ? 'world' : 'politics',
    regions: ['europe'],
    tags: [`tag-${n % 300}`, `tag-${n % 7}`],
    source: 'Example Agency',
    story: storyOf(n),
    expiresAt: new Date(releasedAt + dayMs).toISOString(),
  }
}

const gateway = 'pastgatewaypastgateway'

/** @param {number} at */
function receiptJson(at) {
  const times = Array.from({ length: 12 }, (_, bucket) => [bucket + 2, 100 + bucket])
  return JSON.stringify({ number: at % 1_000_000, at, readers: 2000, times })
}
