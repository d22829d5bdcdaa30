import type { Redis } from 'ioredis'
import { redisKeys, type RedisKeys } from './redis-keys.ts'
import { loadScripts, type Scripts } from './scripts.ts'

/** What every operation on the log needs. */
export interface Store {
  readonly redis: Redis
  readonly keys: RedisKeys
  readonly scripts: Scripts
  /** Events that a feed's log keeps at the least. */
  readonly keptEvents: number
}

export function openStore(redis: Redis, options: { prefix?: string; keptEvents: number }): Store {
  return {
    redis,
    keys: redisKeys(options.prefix),
    scripts: loadScripts(redis),
    keptEvents: options.keptEvents,
  }
}
