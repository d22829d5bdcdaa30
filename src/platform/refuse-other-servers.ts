import type { Redis } from 'ioredis'
import { connectOnce } from './redis.ts'

/** Scripts with flags came with this version. */
const OLDEST_MAJOR = 7
const LIMIT_MS = 2_000

/**
 * Looks that the server can keep Flashline's data. Errors: an Error that names the setting to change, for a Sentinel, a
 * node of a cluster, a proxy, and a Redis that is too old.
 */
export async function refuseOtherServers(redis: Redis): Promise<void> {
  const info = await redis.info('server')
  const fault = faultIn(info)
  if (fault !== undefined) throw new Error(fault)
}

/**
 * A Sentinel refuses the user of Redis before it says anything else: whether the address is that of a Sentinel, as far
 * as it tells so without a user.
 */
export async function isSentinel(url: string): Promise<boolean> {
  const address = /^rediss?:/.test(url) ? withoutUser(url) : url
  const redis = connectOnce(address, LIMIT_MS)
  try {
    await redis.connect()
    return modeIn(await redis.info('server')) === 'sentinel'
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}

export const sentinelFault =
  'the address is that of a Sentinel: put it into REDIS_SENTINELS, with REDIS_MASTER_NAME'

function faultIn(info: string): string | undefined {
  const version = /^redis_version:(\d+)\.(\S+)/m.exec(info)
  if (!version)
    return 'the server does not say its version: it is a proxy, or no Redis. Name the Redis itself'
  switch (modeIn(info)) {
    case 'sentinel':
      return sentinelFault
    case 'cluster':
      return 'the address is that of a node of a Redis Cluster: name a Redis with cluster-enabled no'
    default:
      if (Number(version[1]) >= OLDEST_MAJOR) return undefined
      return `Redis ${version[1]}.${version[2]} is too old: ${OLDEST_MAJOR}.0 is the oldest that fits`
  }
}

function modeIn(info: string): string | undefined {
  return /^redis_mode:(\w+)/m.exec(info)?.[1]
}

function withoutUser(url: string): string {
  const address = new URL(url)
  address.username = ''
  address.password = ''
  return address.href
}
