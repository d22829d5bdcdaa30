import type { Redis } from 'ioredis'

/** Which acknowledged writes survive a crash: `always` all, `everysec` all but the last second, `no` perhaps none. */
export type Durability = 'always' | 'everysec' | 'no' | 'unknown'

export interface RedisPersistence {
  readonly durability: Durability
  /** Redis may delete keys when its memory is full. */
  readonly evicts: boolean
}

/** Reads Redis's persistence settings. `unknown` for a managed Redis that refuses CONFIG, unless INFO shows enough. */
export async function readRedisPersistence(redis: Redis): Promise<RedisPersistence> {
  const [persistence, memory] = [await redis.info('persistence'), await redis.info('memory')]
  const evicts = !memory.includes('maxmemory_policy:noeviction')
  if (persistence.includes('aof_enabled:0')) return { durability: 'no', evicts }
  return { durability: await fsyncPolicy(redis), evicts }
}

async function fsyncPolicy(redis: Redis): Promise<Durability> {
  try {
    const [, policy] = await redis.config('GET', 'appendfsync')
    return policy === 'always' || policy === 'everysec' || policy === 'no' ? policy : 'unknown'
  } catch {
    return 'unknown'
  }
}

/** Holds the persistence settings, read again every `everyMs` and after each reconnection. */
export class RedisPersistenceWatch {
  #persistence: RedisPersistence = { durability: 'unknown', evicts: false }
  readonly #redis: Redis
  readonly #timer: NodeJS.Timeout

  constructor(redis: Redis, everyMs = 10_000) {
    this.#redis = redis
    const refresh = () => void this.refresh().catch(() => undefined)
    redis.on('ready', refresh)
    this.#timer = setInterval(refresh, everyMs)
    refresh()
  }

  get persistence(): RedisPersistence {
    return this.#persistence
  }

  async refresh(): Promise<void> {
    this.#persistence = await readRedisPersistence(this.#redis)
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
