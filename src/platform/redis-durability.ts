import type { Redis } from 'ioredis'

/** What an acknowledged write survives: `always` any crash, `everysec` all but the last second, `no` nothing sure. */
export type Durability = 'always' | 'everysec' | 'no' | 'unknown'

export interface RedisCare {
  readonly durability: Durability
  /** It may drop keys when memory is short. */
  readonly evicts: boolean
}

/** Asks Redis how it keeps what it is given. A managed Redis that refuses CONFIG is `unknown` where INFO cannot tell. */
export async function readRedisCare(redis: Redis): Promise<RedisCare> {
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

/** The last answer, asked again every `everyMs` and each time the connection is made. */
export class RedisCareWatch {
  #care: RedisCare = { durability: 'unknown', evicts: false }
  readonly #redis: Redis
  readonly #timer: NodeJS.Timeout

  constructor(redis: Redis, everyMs = 10_000) {
    this.#redis = redis
    const look = () => void this.look().catch(() => undefined)
    redis.on('ready', look)
    this.#timer = setInterval(look, everyMs)
    look()
  }

  get care(): RedisCare {
    return this.#care
  }

  async look(): Promise<void> {
    this.#care = await readRedisCare(this.#redis)
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
