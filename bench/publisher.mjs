/**
 * Publishes events at a rate. For Flashline its scripts save and release them, so that they are in the log before they
 * are on the live channel. The other contenders get the same bytes by Redis pub/sub.
 */
import { randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { answerQuestions } from './support/child.mjs'
import { monotonicMs } from './support/clock.mjs'
import { loadRival } from './support/rival.mjs'
import { eventFrame, eventText, urgency } from './support/sent-event.mjs'

const tickMs = 1
/** Most events that Redis has not confirmed; publishing waits when they are reached. */
const underWayLimit = 5000
const stripLimit = 50

/**
 * @typedef {object} Way
 * @property {(feed: string, extraBytes: number) => Promise<unknown>} publish
 * @property {(feed: string) => Promise<unknown>} flush called after the events of one turn
 */

/** @type {Way} */
let way = { publish: () => Promise.resolve(), flush: () => Promise.resolve() }
/** @type {string[]} */
let feeds = []

/**
 * @param {Redis} redis
 * @param {{ dist: string, prefix: string, sections: number }} options sections 0: headlines without section and region
 * @returns {Promise<Way>}
 */
async function flashlineWay(redis, { dist, prefix, sections }) {
  const load = (/** @type {string} */ file) => import(pathToFileURL(resolve(dist, file)).href)
  /** @type {typeof import('../src/eventlog/store/store.ts')} */
  const { openStore } = await load('src/eventlog/store/store.js')
  /** @type {typeof import('../src/eventlog/feeds/feeds.ts')} */
  const { createFeed } = await load('src/eventlog/feeds/feeds.js')
  /** @type {typeof import('../src/protocol/policy.ts')} */
  const { policySchema } = await load('src/protocol/policy.js')
  /** @type {typeof import('../src/eventlog/save-headline.ts')} */
  const { saveHeadline } = await load('src/eventlog/save-headline.js')
  /** @type {typeof import('../src/eventlog/release-due.ts')} */
  const { releaseDue } = await load('src/eventlog/release-due.js')

  const log = openStore(redis, { prefix, keptEvents: 2_000_000 })
  /** @type {Map<string, string[]>} */
  const headlineIds = new Map()
  const facetsOf = (/** @type {number} */ index) =>
    sections === 0 ? { regions: [] } : { section: `s${index % sections}`, regions: ['r0'] }
  const change = (
    /** @type {string} */ feed,
    /** @type {string} */ id,
    /** @type {'publish' | 'correct'} */ op,
    /** @type {string} */ text,
    /** @type {number} */ index,
  ) =>
    saveHeadline(
      log,
      {
        feed,
        id,
        action: op === 'publish' ? 'release' : 'correct',
        expected: op === 'publish' ? 0 : 'any',
        allowed: op === 'publish' ? [] : ['live'],
        policyVersion: 'any',
        status: op === 'publish' ? 'due' : 'live',
        due: { kind: 'add', op },
        content: { text, urgency, ...facetsOf(index), tags: [] },
        act: { by: 'bench', person: 'bench', name: 'bench' },
      },
      { token: randomBytes(8).toString('hex'), fingerprint: '', rememberMs: 1000 },
    )

  for (const feed of feeds) {
    const definition = {
      id: feed,
      title: 'Bench',
      lang: 'en',
      stripLimit,
      dir: /** @type {const} */ ('ltr'),
    }
    await createFeed(log, definition, policySchema.parse({}))
    const ids = Array.from({ length: stripLimit }, () => randomBytes(16).toString('base64url'))
    await Promise.all(ids.map((id, index) => change(feed, id, 'publish', eventText(0), index)))
    await releaseDue(log, feed)
    headlineIds.set(feed, ids)
  }
  let turn = 0
  return {
    // Corrections: each is one event, and the strip stays full.
    publish(feed, extraBytes) {
      const ids = headlineIds.get(feed) ?? []
      const index = turn++ % ids.length
      return change(feed, ids[index] ?? '', 'correct', eventText(monotonicMs(), extraBytes), index)
    },
    flush: (feed) => releaseDue(log, feed),
  }
}

/**
 * @param {Redis} redis
 * @param {string} channel
 * @returns {Way}
 */
function pubSubWay(redis, channel) {
  let seq = 0
  return {
    publish: (_feed, extraBytes) => redis.publish(channel, eventFrame(++seq, monotonicMs(), extraBytes)),
    flush: () => Promise.resolve(),
  }
}

/**
 * @param {Redis} redis
 * @returns {Way}
 */
function socketIoWay(redis) {
  const { Emitter } = loadRival('@socket.io/redis-emitter')
  const emitter = new Emitter(redis)
  let seq = 0
  return {
    async publish(_feed, extraBytes) {
      emitter.emit('e', JSON.parse(eventFrame(++seq, monotonicMs(), extraBytes)))
    },
    flush: () => redis.ping(),
  }
}

/** @type {Redis | undefined} */
let redis

answerQuestions({
  async prepare({ kind, redisUrl, dist, prefix, feeds: names, sections }) {
    redis?.disconnect()
    redis = new Redis(redisUrl)
    feeds = names
    way =
      kind === 'flashline'
        ? await flashlineWay(redis, { dist, prefix, sections })
        : kind === 'socket.io'
          ? socketIoWay(redis)
          : pubSubWay(redis, prefix)
  },
  /** Settles when the last event has been confirmed. */
  async publish({ rate, seconds, extraBytes = 0, count = Math.round(rate * seconds) }) {
    const begun = monotonicMs()
    let sent = 0
    let underWay = 0
    const settled = () => underWay--
    while (sent < count) {
      const due = Math.min(count, Math.floor(((monotonicMs() - begun) * rate) / 1000) + 1)
      const touched = new Set()
      while (sent < due && underWay < underWayLimit) {
        const feed = feeds[sent++ % feeds.length] ?? ''
        touched.add(feed)
        underWay++
        way.publish(feed, extraBytes).finally(settled)
      }
      for (const feed of touched) {
        underWay++
        way.flush(feed).finally(settled)
      }
      const nextAt = begun + (sent * 1000) / rate
      await pause(Math.max(tickMs, nextAt - monotonicMs()))
    }
    while (underWay > 0) await pause(tickMs)
    return { sent, ms: monotonicMs() - begun }
  },
})
process.on('disconnect', () => process.exit(0))
process.send?.({ type: 'ready' })
