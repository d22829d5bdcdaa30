import type { Redis } from 'ioredis'
import { StoreFaults } from './store-faults.ts'
import { redisKeys, type RedisKeys } from './redis-keys.ts'
import { loadScripts, type Scripts } from './scripts.ts'

/** The connection to Redis with key names and scripts; every operation on the log needs it. */
export interface Store {
  readonly redis: Redis
  readonly keys: RedisKeys
  readonly scripts: Scripts
  /** Damaged records and missing rights that this process has met. */
  readonly faults: StoreFaults
  /** Number of events that a feed's log keeps at least. */
  readonly keptEvents: number
}

export function openStore(
  redis: Redis,
  options: { prefix?: string; keptEvents: number; faults?: StoreFaults },
): Store {
  return {
    redis,
    keys: redisKeys(options.prefix),
    scripts: loadScripts(redis),
    faults: options.faults ?? new StoreFaults(),
    keptEvents: options.keptEvents,
  }
}
