import type { Redis } from 'ioredis'
import type { Replication } from '../protocol/lists/replications.ts'

/** A replica may come or go at any time, and INFO costs Redis microseconds. */
const EVERY_MS = 2_000

/** Whether Redis has replicas, by its own list. Redis sends them a write after it has answered. */
export async function readRedisReplication(redis: Redis): Promise<Replication> {
  return /^connected_slaves:0\r?$/m.test(await redis.info('replication')) ? 'none' : 'asynchronous'
}

/** Holds the state of the replication, read again every `everyMs` and after each reconnection. Call `refresh` first. */
export class RedisReplicationWatch {
  /** Until the first answer, the one that promises least. */
  #replication: Replication = 'asynchronous'
  readonly #redis: Redis
  readonly #timer: NodeJS.Timeout

  constructor(redis: Redis, everyMs = EVERY_MS) {
    this.#redis = redis
    const refresh = () => void this.refresh().catch(() => undefined)
    redis.on('ready', refresh)
    this.#timer = setInterval(refresh, everyMs)
  }

  get replication(): Replication {
    return this.#replication
  }

  /** Errors: when Redis does not answer. */
  async refresh(): Promise<void> {
    this.#replication = await readRedisReplication(this.#redis)
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
