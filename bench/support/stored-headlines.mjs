/** Fills a feed with headlines, as after some years of a newsroom's work, with the service's own script. */
import { randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { Redis } from 'ioredis'

const underWay = 500
const people = 20
const stories = 400

/** Words for searches: in every third headline, in every seventh, and in one of 20,000. */
export const words = { frequent: 'parliament', common: 'bridge', rare: 'comet' }
export const author = 'u_bench3'

/** @typedef {import('../../src/protocol/lists/statuses.ts').Status} Status */

/**
 * @param {string} redisUrl
 * @param {string} dist
 * @param {string} feed an existing feed
 * @param {number} count headlines that the feed has afterwards
 * @returns {Promise<{ added: number, ms: number }>}
 */
export async function storeHeadlines(redisUrl, dist, feed, count) {
  const load = (/** @type {string} */ file) => import(pathToFileURL(join(dist, 'src', file)).href)
  /** @type {typeof import('../../src/eventlog/store/store.ts')} */
  const { openStore } = await load('eventlog/store/store.js')
  /** @type {typeof import('../../src/eventlog/save-headline.ts')} */
  const { saveHeadline } = await load('eventlog/save-headline.js')
  /** @type {typeof import('../../src/desk/words.ts')} */
  const { indexTerms } = await load('desk/words.js')

  const redis = new Redis(redisUrl, { enableAutoPipelining: true })
  const store = openStore(redis, { keptEvents: 10_000 })
  const begun = performance.now()
  const stored = await redis.zcard(store.keys.feed(feed).headlines)
  try {
    for (let n = stored; n < count; n += underWay) {
      const numbers = Array.from({ length: Math.min(underWay, count - n) }, (_, index) => n + index)
      await Promise.all(
        numbers.map((number) => saveHeadline(store, changeOf(feed, number, indexTerms), once())),
      )
    }
  } finally {
    redis.disconnect()
  }
  return { added: Math.max(0, count - stored), ms: performance.now() - begun }
}

function once() {
  return { token: randomBytes(12).toString('hex'), fingerprint: '', rememberMs: 1000 }
}

/**
 * @param {string} feed
 * @param {number} n
 * @param {(text: string) => string[]} indexTerms
 * @returns {import('../../src/eventlog/save-headline.ts').Change}
 */
function changeOf(feed, n, indexTerms) {
  const text = textOf(n)
  const person = `u_bench${n % people}`
  return {
    feed,
    id: randomBytes(16).toString('base64url'),
    action: 'save',
    expected: 0,
    allowed: [],
    policyVersion: 'any',
    status: statusOf(n),
    due: { kind: 'none' },
    content: { text, urgency: 'bulletin', regions: [], tags: [], story: `story-${n % stories}` },
    desk: { createdBy: person, authors: [person] },
    act: { by: `user:${person}`, person, name: person },
    words: indexTerms(text),
  }
}

/** @param {number} n */
function textOf(n) {
  const some = [n % 3 === 0 ? words.frequent : 'council', n % 7 === 0 ? words.common : 'tunnel']
  if (n % 20_000 === 19) some.push(words.rare)
  // Twelve words of a vocabulary of some thousand words, of which the first ones are the most frequent.
  const others = Array.from(
    { length: 10 },
    (_, k) => `word${Math.floor(((n * 7919 + k * 104_729) % 3_000) ** 2 / 3_000)}`,
  )
  return [...some, ...others, `line ${n}`].join(' ')
}

/** @param {number} n @returns {Status} */
function statusOf(n) {
  if (n % 1_000 === 0) return 'pending'
  if (n % 100 === 1) return 'draft'
  return n % 10 === 2 ? 'withdrawn' : 'expired'
}
