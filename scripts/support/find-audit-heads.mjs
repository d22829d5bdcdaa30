/**
 * The newest entries of all audits, for a backup: `audit:verify --expect` compares them after a restore.
 */
import { join } from 'node:path'
import { runningRedis } from './redis-server.mjs'
import { connectToService } from './service-redis.mjs'

/**
 * The project must be built.
 *
 * @param {string} dataDir of `npm start`
 * @returns {Promise<string[]>} each as `<scope>:<n>:<chain>`; empty when its Redis does not run
 */
export async function findAuditHeads(dataDir) {
  if ((await runningRedis(join(dataDir, 'redis'), 'api')) === undefined) return []
  const { openStore, readAuditHead } = await builtParts()
  const redis = await connectToService()
  try {
    const store = openStore(redis, { prefix: process.env['REDIS_PREFIX'] || 'fl', keptEvents: 1 })
    const feeds = await redis.smembers(store.keys.feeds)
    const heads = []
    for (const scope of ['desk', ...feeds.sort()]) {
      const { n, chain } = await readAuditHead(store, scope)
      if (n > 0) heads.push(`${scope}:${n}:${chain}`)
    }
    return heads
  } finally {
    redis.disconnect()
  }
}

async function builtParts() {
  const load = (/** @type {string} */ file) =>
    import(new URL(`../../dist/src/eventlog/${file}`, import.meta.url).href)
  /** @type {typeof import('../../src/eventlog/store/store.ts')} */
  const { openStore } = await load('store/store.js')
  /** @type {typeof import('../../src/eventlog/audit/read-audit.ts')} */
  const { readAuditHead } = await load('audit/read-audit.js')
  return { openStore, readAuditHead }
}
