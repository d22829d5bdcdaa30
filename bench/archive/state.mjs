/** The states of Redis between which the bench compares: after one day, and after three years, with the archive on. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startRedis } from '../../scripts/support/redis-server.mjs'
import { openNewsroom } from './newsroom-days.mjs'

/**
 * @typedef {object} State
 * @property {import('../../scripts/support/redis-server.mjs').EmbeddedRedis} redis
 * @property {import('./newsroom-days.mjs').Newsroom} newsroom
 * @property {import('../../src/archive/archive-connection.ts').ArchiveConnection} archive
 * @property {string} archiveUrl
 * @property {string} dataDir of Redis
 * @property {number} empty bytes of Redis without data
 * @property {Sample} sample the memory of the first day, before anything was moved or trimmed
 * @property {() => Promise<unknown>} stop
 *
 * @typedef {{ lines: number, bytesPerLine: number, bytesPerEvent: number }} Sample
 */

/**
 * A headline that was moved leaves nothing in Redis. So the state after three years is that after the few days that fill
 * the logs of the feeds: the headlines of the last day, the newest events that gateways read at their start, and no
 * more. Each day is lived and archived as a newsroom and a worker do.
 *
 * @param {object} wanted
 * @param {import('./service-code.mjs').ServiceCode} wanted.code
 * @param {import('./past-line.mjs').Texts} wanted.texts
 * @param {string} wanted.folder
 * @param {string} wanted.name
 * @param {string} wanted.archiveFile
 * @param {import('./sizes.mjs').Sizes} wanted.sizes
 * @param {number} wanted.days
 * @returns {Promise<State>}
 */
export async function makeState({ code, texts, folder, name, archiveFile, sizes, days }) {
  const { feeds, linesPerDay, resumeEvents } = sizes
  const dataDir = join(folder, `redis-${name}`)
  const redis = await startRedis({ dataDir, admin: true })
  const newsroom = await openNewsroom({ code, texts, redisUrl: redis.urlFor('admin'), feeds, resumeEvents })
  const archiveUrl = pathToFileURL(archiveFile).href
  const archive = new code.ArchiveConnection({
    open: () => code.openArchive(archiveUrl),
    onChange: (state, message) => {
      if (state !== 'ready') process.stderr.write(`the archive is ${state}: ${message}\n`)
    },
  })
  const empty = await newsroom.memory()
  /** @type {Sample | undefined} */
  let sample
  for (let day = 1; day <= days; day++) {
    if (day === days && day > 1) await newsroom.untilPastExpiries()
    const begun = Date.now()
    await newsroom.liveDay({ lines: linesPerDay, isLast: day === days })
    if (day === 1) sample = sampleOf(await newsroom.memory(), empty)
    await newsroom.archiveAll(archive, begun)
    const seconds = Math.round((Date.now() - begun) / 1000)
    process.stderr.write(`${name}: day ${day} of ${days} was lived and archived in ${seconds} s\n`)
  }
  if (!sample) throw new Error('a state has at least one day')
  return {
    ...{ redis, newsroom, archive, archiveUrl, dataDir, sample, empty: empty.used },
    async stop() {
      newsroom.close()
      await archive.close()
      await redis.stop()
    },
  }
}

/**
 * Without the log, which is bounded, and without what expires: the rest would stay for ever.
 *
 * @param {import('./newsroom-days.mjs').Memory} memory
 * @param {import('./newsroom-days.mjs').Memory} empty
 * @returns {Sample}
 */
function sampleOf({ used, logs, events, headlines }, empty) {
  const bytesPerLine = (used - empty.used - logs) / headlines
  return { lines: headlines, bytesPerLine, bytesPerEvent: logs / events }
}
