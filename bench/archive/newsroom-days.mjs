/** Days of a newsroom in Redis: headlines that are saved, released, corrected and ended by the service's own scripts. */
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { languageOf } from './newsroom-words.mjs'
import { contentOf, dayMs, feedName, linesPerStory, personOf } from './past-line.mjs'

const linesPerRound = 50
const correctedPerRound = 10
const withdrawnPerRound = 5
const stripLimit = 50
/** A headline of an earlier day has ended long before its expiry comes, so the expiry may come early. */
const pastExpiryMs = 30_000
const forgetMs = 1
/** The default of the duplicate guard. */
const duplicateWithinMs = 6 * 3_600_000
const gateways = ['bench-gateway-one', 'bench-gateway-two']
const receiptsPerCall = 100

/**
 * @typedef {object} Newsroom
 * @property {import('../../src/eventlog/store/store.ts').Store} store
 * @property {(day: { lines: number, isLast?: boolean }) => Promise<void>} liveDay each feed gets so many headlines
 * @property {() => Promise<void>} untilPastExpiries waits until no expiry of an earlier day is left
 * @property {(archive: import('../../src/archive/archive-connection.ts').ArchiveConnection, endedBefore: number) => Promise<void>} archiveAll
 * @property {() => Promise<Memory>} memory
 * @property {() => void} close
 *
 * @typedef {{ used: number, logs: number, events: number, headlines: number }} Memory in bytes
 *
 * @param {object} wanted
 * @param {import('./service-code.mjs').ServiceCode} wanted.code
 * @param {import('./past-line.mjs').Texts} wanted.texts
 * @param {string} wanted.redisUrl of a user with all rights
 * @param {number} wanted.feeds
 * @param {number} wanted.resumeEvents
 * @returns {Promise<Newsroom>}
 */
export async function openNewsroom({ code, texts, redisUrl, feeds, resumeEvents }) {
  const redis = new Redis(redisUrl, { enableAutoPipelining: true })
  // Redis is killed on purpose; the connection is made again.
  redis.on('error', () => undefined)
  const store = code.openStore(redis, { keptEvents: 100_000 })
  const all = Array.from({ length: feeds }, (_, feed) => feed)
  const policy = code.policySchema.parse({ undoMs: { bulletin: 0, flash: 0 }, releasesPerMinute: 100_000 })
  for (const feed of all) {
    const definition = { id: feedName(feed), title: feedName(feed), lang: languageOf(feed), stripLimit }
    await code.createFeed(store, code.newFeedSchema.parse(definition), policy)
  }
  const metrics = code.createMetrics()
  /** Headlines that each feed has had. */
  const numbers = all.map(() => 0)

  /**
   * @param {number} feed
   * @param {{ at: number, isLast: boolean }} day
   */
  const liveRound = async (feed, { at, isLast }) => {
    const name = feedName(feed)
    const expiresAt = at + (isLast ? dayMs : pastExpiryMs)
    const first = numbers[feed] ?? 0
    numbers[feed] = first + linesPerRound
    const lines = Array.from({ length: linesPerRound }, (_, index) =>
      headline(feed, first + index, expiresAt),
    )
    await saveAll(lines.map((line) => released(line, isLast ? duplicateWithinMs : forgetMs)))
    await code.releaseAndFlag(store, name, metrics)
    await saveAll(lines.slice(0, correctedPerRound).map((line) => corrected(line, texts, languageOf(feed))))
    await code.releaseAndFlag(store, name, metrics)
    await saveAll(lines.slice(-withdrawnPerRound).map((line) => withdrawn(line)))
    await code.releaseAndFlag(store, name, metrics)

    async function saveAll(/** @type {import('../../src/eventlog/save-headline.ts').Change[]} */ changes) {
      const outcomes = await Promise.all(
        changes.map((change) => code.saveHeadline(store, change, once(isLast ? dayMs : forgetMs))),
      )
      const refused = outcomes.find(({ kind }) => kind !== 'saved')
      if (refused) throw new Error(`a headline was not saved: ${refused.kind}`)
    }
  }

  /**
   * @param {number} feed
   * @param {number} n
   * @param {number} expiresAt
   */
  function headline(feed, n, expiresAt) {
    const { text, terms } = texts.some(languageOf(feed))
    const content = { ...contentOf(n, text, 0), story: `${feedName(feed)}-${storyNumber(n)}` }
    return {
      ...{
        feed: feedName(feed),
        id: randomBytes(16).toString('base64url'),
        person: personOf(n + feed),
        terms,
      },
      content: { ...content, expiresAt: new Date(expiresAt).toISOString() },
    }
  }

  const seqs = async () => (await code.readHeads(store, all.map(feedName))).map((head) => head?.seq ?? 0)

  /** Two gateways report the deliveries of all events after these seqs. @param {readonly number[]} before */
  async function addReceipts(before) {
    for (const feed of all) {
      let number = 0
      for (let after = before[feed] ?? 0; ;) {
        const entries = await code.readAfter(store, feedName(feed), after, receiptsPerCall)
        const last = entries.at(-1)
        if (!last) break
        after = last.seq
        number += 1
        const events = entries.map(({ json }) => receiptOf(JSON.parse(json)))
        for (const gateway of gateways)
          await code.keepReceipts(store, feedName(feed), { gateway, number, readers: 2000, events })
      }
    }
  }

  return {
    store,
    async liveDay({ lines, isLast = false }) {
      const before = await seqs()
      for (let round = 0; round < lines / linesPerRound; round++) {
        const at = await code.readTime(store)
        await Promise.all(all.map((feed) => liveRound(feed, { at, isLast })))
      }
      if (isLast) await addReceipts(before)
    },
    async untilPastExpiries() {
      const expired = (await code.readTime(store)) + pastExpiryMs
      for (;;) {
        await Promise.all(all.map((feed) => code.releaseDue(store, feedName(feed))))
        const waiting = all.map((feed) => redis.zcount(store.keys.feed(feedName(feed)).due, '-inf', expired))
        if (sum(await Promise.all(waiting)) === 0) return
        await pause(1000)
      }
    },
    async archiveAll(archive, endedBefore) {
      const deps = {
        ...{
          store,
          archive,
          resumeEvents,
          backlogLines: 0,
          metrics,
          logger: code.createLogger('warn', 'worker'),
        },
        /** The archiver counts it back from Redis's clock, which goes on. */
        get afterMs() {
          return Date.now() - endedBefore
        },
      }
      const round = code.archiver(deps)
      await round()
      if (archive.state !== 'ready') throw new Error(`the archive is ${archive.state}`)
    },
    async memory() {
      await untilExpired(redis)
      const used = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1])
      const logs = await Promise.all(
        all.map((feed) => redis.memory('USAGE', store.keys.feed(feedName(feed)).log, 'SAMPLES', 0)),
      )
      const events = await Promise.all(all.map((feed) => redis.xlen(store.keys.feed(feedName(feed)).log)))
      const headlines = await Promise.all(
        all.map((feed) => redis.hlen(store.keys.feed(feedName(feed)).states)),
      )
      return { used, logs: sum(logs), events: sum(events), headlines: sum(headlines) }
    },
    close: () => redis.disconnect(),
  }
}

/** @typedef {{ feed: string, id: string, person: string, terms: string[], content: ReturnType<typeof contentOf> }} Line */

/**
 * @param {Line} line
 * @param {number} withinMs
 * @returns {import('../../src/eventlog/save-headline.ts').Change}
 */
function released({ feed, id, person, terms, content }, withinMs) {
  return {
    ...{
      feed,
      id,
      content,
      words: terms,
      expected: 0,
      allowed: [],
      policyVersion: 'any',
      act: actOf(person),
    },
    ...{ action: 'release', status: 'due', due: { kind: 'add', op: 'publish' } },
    desk: { createdBy: person, authors: [person], urgencies: [content.urgency], expiresByDefault: true },
    duplicate: { hash: createHash('sha256').update(content.text).digest('hex'), withinMs },
  }
}

/**
 * @param {Line} line
 * @param {import('./past-line.mjs').Texts} texts
 * @param {import('./newsroom-words.mjs').Language} language
 * @returns {import('../../src/eventlog/save-headline.ts').Change}
 */
function corrected({ feed, id, person, content }, texts, language) {
  const { text, terms } = texts.some(language)
  return {
    ...{ feed, id, words: terms, expected: 1, allowed: ['live'], policyVersion: 'any', act: actOf(person) },
    ...{ action: 'correct', due: { kind: 'add', op: 'correct' }, attentionIn: [feed] },
    content: { ...content, text, note: 'A name was wrong in an earlier version.' },
    desk: { createdBy: person, authors: [person], urgencies: [content.urgency], expiresByDefault: true },
  }
}

/** @param {Line} line @returns {import('../../src/eventlog/save-headline.ts').Change} */
function withdrawn({ feed, id, person }) {
  return {
    ...{ feed, id, expected: 'any', allowed: ['live'], policyVersion: 'any', act: actOf(person) },
    ...{ action: 'withdraw', status: 'withdrawn', due: { kind: 'add', op: 'withdraw' } },
    attentionIn: [feed],
    content: { note: 'The report was not confirmed.' },
  }
}

/**
 * A headline that is corrected or withdrawn is alone in its story: no person has to look at others of it, which would
 * stay in Redis until then.
 *
 * @param {number} n
 */
function storyNumber(n) {
  const inRound = n % linesPerRound
  const isAlone = inRound < correctedPerRound || inRound >= linesPerRound - withdrawnPerRound
  return isAlone ? `alone-${n}` : Math.floor(n / linesPerStory)
}

/** @param {string} person */
function actOf(person) {
  return { by: `user:${person}`, person, name: 'Ann Example', ip: '192.0.2.17' }
}

/** @param {number} rememberMs */
function once(rememberMs) {
  const token = randomBytes(16).toString('hex')
  return { token, fingerprint: createHash('sha256').update(token).digest('hex'), rememberMs }
}

/** @param {{ position: string, op: string }} event */
function receiptOf({ position, op }) {
  const times = Array.from({ length: 12 }, (_, bucket) => /** @type {const} */ ([bucket + 2, 100 + bucket]))
  const screens = { asked: 2000, cleared: 1990, left: 8, returned: 4, silent: 2 }
  return { position, times, ...(['correct', 'withdraw'].includes(op) && { screens }) }
}

/** Redis removes expired keys little by little. @param {Redis} redis */
async function untilExpired(redis) {
  for (let limit = Date.now() + 20_000; Date.now() < limit;) {
    const [, expires = '0'] = /expires=(\d+)/.exec(await redis.info('keyspace')) ?? []
    const keys = Number(expires)
    await pause(300)
    const [, later = '0'] = /expires=(\d+)/.exec(await redis.info('keyspace')) ?? []
    if (Number(later) === keys) return
  }
}

/** @param {readonly (number | null)[]} values @returns {number} */
function sum(values) {
  return values.reduce((/** @type {number} */ total, value) => total + (value ?? 0), 0)
}
