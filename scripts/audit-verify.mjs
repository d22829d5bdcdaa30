/** `npm run audit:verify`: computes every chain of the audit anew. `npm run audit:verify -- --help` says more. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { runningRedis } from './support/redis-server.mjs'
import { build, installDependencies } from './support/set-up.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const connectLimitMs = 5000

const help = `npm run audit:verify [-- --expect <scope>:<n>:<chain> …]

Walks the audit of every feed, and that of people and keys (scope "desk"), and prints for each chain its newest entry as
<scope>:<n>:<chain>, and "ok" or the first entry that is not what was written: "changed" (it, or its place in the
chain), "missing", or "content" (a text of its headline was changed afterwards).

Reads the Redis of REDIS_URL_API or REDIS_URL, or else that of a running npm start. Safe while the service runs.

Whoever can write to Redis can rewrite a whole chain with its head, and it would look right. Keep the printed heads
where they cannot be reached from there, and compare: --expect takes one as it was printed, any number of times.

Exit code: 0 all is as it was written; 1 something is not; 2 it could not be looked at.`

/** Carries a message for the person at the terminal. */
class Refusal extends Error {}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const known = error instanceof Refusal || (error instanceof Error && 'code' in error)
  console.error(error instanceof Error ? (known ? error.message : error.stack) : error)
  process.exitCode = 2
}

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function main(args) {
  const { values } = parseArgs({
    args,
    options: { expect: { type: 'string', multiple: true, default: [] }, help: { type: 'boolean' } },
  })
  if (values.help) {
    console.log(help)
    return 0
  }
  const known = values.expect.map(headOf)
  await installDependencies()
  await build({ log: () => undefined })
  const settings = join(projectRoot, '.env')
  if (existsSync(settings)) process.loadEnvFile(settings)
  const redis = await connect(await redisAddress())
  try {
    return await verifyAll(redis, known)
  } finally {
    redis.disconnect()
  }
}

/**
 * @typedef {{ scope: string, n: number, chain: string }} Head
 *
 * @param {string} written
 * @returns {Head}
 */
function headOf(written) {
  const [, scope = '', n = '', chain = ''] = /^([a-z][a-z0-9-]*):(\d+):([0-9a-f]{40})$/.exec(written) ?? []
  if (!scope) throw new Refusal(`--expect takes <scope>:<n>:<chain> as it was printed, not "${written}"`)
  return { scope, n: Number(n), chain }
}

async function redisAddress() {
  const { env } = process
  const data = resolve(projectRoot, env['DATA_DIR'] || 'data', 'redis')
  const address = env['REDIS_URL_API'] || env['REDIS_URL'] || (await runningRedis(data, 'api'))
  if (address) return address
  throw new Refusal('No Redis to look at: set REDIS_URL, or run npm start meanwhile')
}

/** @param {string} address */
async function connect(address) {
  const redis = new Redis(address, {
    lazyConnect: true,
    connectTimeout: connectLimitMs,
    retryStrategy: () => null,
  })
  let reason = ''
  redis.on('error', (error) => (reason = error.message))
  await redis.connect().catch((/** @type {Error} */ error) => {
    throw new Refusal(`Redis cannot be reached: ${reason || error.message}`)
  })
  return redis
}

/**
 * @param {Redis} redis
 * @param {Head[]} known
 * @returns {Promise<number>} the exit code
 */
async function verifyAll(redis, known) {
  const { openStore, walkAudit } = await builtParts()
  const log = openStore(redis, { prefix: process.env['REDIS_PREFIX'] || 'fl', keptEvents: 1 })
  const feeds = await redis.smembers(log.keys.feeds)
  const scopes = new Set(['desk', ...feeds.sort(), ...known.map(({ scope }) => scope)])
  let faults = 0
  for (const scope of scopes) {
    const its = known.filter((head) => head.scope === scope)
    const { head, fault } = await walkAudit(log, scope, its)
    if (fault) faults++
    console.log(`${scope}:${head.n}:${head.chain} ${fault ? `entry ${fault.n}: ${fault.fault}` : 'ok'}`)
  }
  return faults === 0 ? 0 : 1
}

async function builtParts() {
  const load = (/** @type {string} */ file) =>
    import(new URL(`../dist/src/eventlog/${file}`, import.meta.url).href)
  /** @type {typeof import('../src/eventlog/store/store.ts')} */
  const { openStore } = await load('store/store.js')
  /** @type {typeof import('../src/eventlog/audit/walk-audit.ts')} */
  const { walkAudit } = await load('audit/walk-audit.js')
  return { openStore, walkAudit }
}
