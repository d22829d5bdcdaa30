/**
 * The connection of an operator's script to the Redis of the service, with the rights of the api role.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runningRedis } from './redis-server.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../../..')
const connectTimeoutMs = 5000

/** An error whose message is for the person at the terminal. */
export class Refusal extends Error {}

/**
 * Reads `.env`, and connects to the Redis of REDIS_URL_API or REDIS_URL, or else of a running `npm start`. With
 * REDIS_SENTINELS these say where it is; the service must be built then.
 *
 * @returns {Promise<import('ioredis').Redis>}
 * @throws {Refusal} no Redis is known, or it cannot be reached
 */
export async function connectToService() {
  const settings = join(projectRoot, '.env')
  if (existsSync(settings)) process.loadEnvFile(settings)
  return connect(await redisAddress())
}

async function redisAddress() {
  const { env } = process
  const data = resolve(projectRoot, env['DATA_DIR'] || 'data', 'redis')
  const address = env['REDIS_URL_API'] || env['REDIS_URL'] || (await runningRedis(data, 'api'))
  if (address) return address
  throw new Refusal('No Redis is known: set REDIS_URL, or keep npm start running')
}

/** @param {string} address */
async function sentinels(address) {
  const { REDIS_SENTINELS, REDIS_MASTER_NAME: master } = process.env
  if (!REDIS_SENTINELS || !master) return undefined
  const { sentinelOptions } = await import(
    new URL('../../dist/src/platform/sentinels.js', import.meta.url).href
  )
  const addresses = REDIS_SENTINELS.split(',').map((each) => each.trim())
  // One look at each Sentinel.
  return {
    ...sentinelOptions({ addresses, master }, address.startsWith('rediss:')),
    sentinelRetryStrategy: () => null,
  }
}

/** @param {string} address */
async function connect(address) {
  // Not above: a script loads this file before it has installed the packages.
  const { Redis } = await import('ioredis')
  const redis = new Redis(address, {
    ...(await sentinels(address)),
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    retryStrategy: () => null,
  })
  let reason = ''
  redis.on('error', (error) => (reason = error.message))
  await redis.connect().catch((/** @type {Error} */ error) => {
    throw new Refusal(`Redis cannot be reached: ${reason || error.message}`)
  })
  return redis
}
