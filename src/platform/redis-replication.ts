import type { Redis } from 'ioredis'
import type { Replication } from '../protocol/lists/replications.ts'

/** A replica may come or go at any time, and INFO costs Redis microseconds. */
const EVERY_MS = 2_000

interface RedisReplication {
  readonly replication: Replication
  /** A replica was connected and is not now. */
  readonly isReplicaAway: boolean
}

/**
 * Whether Redis has replicas, by its own list. Redis sends them a write after it has answered. For a replica that is away
 * Redis keeps what it has to send (the backlog) for `repl-backlog-ttl`, an hour unless that is changed: so long a failover
 * to that replica is possible, and would lose the act.
 */
export async function readRedisReplication(redis: Redis): Promise<RedisReplication> {
  const info = await redis.info('replication')
  const hasReplica = !/^connected_slaves:0\r?$/m.test(info)
  const isReplicaAway = !hasReplica && /^repl_backlog_active:1\r?$/m.test(info)
  return { replication: hasReplica || isReplicaAway ? 'asynchronous' : 'none', isReplicaAway }
}

/** Holds the state of the replication, read again every `everyMs` and after each reconnection. Call `refresh` first. */
export class RedisReplicationWatch {
  /** Until the first answer, the one that promises least. */
  #state: RedisReplication = { replication: 'asynchronous', isReplicaAway: false }
  readonly #redis: Redis
  readonly #timer: NodeJS.Timeout

  constructor(redis: Redis, everyMs = EVERY_MS) {
    this.#redis = redis
    const refresh = () => void this.refresh().catch(() => undefined)
    redis.on('ready', refresh)
    this.#timer = setInterval(refresh, everyMs)
  }

  get replication(): Replication {
    return this.#state.replication
  }

  get isReplicaAway(): boolean {
    return this.#state.isReplicaAway
  }

  /** Errors: when Redis does not answer. */
  async refresh(): Promise<void> {
    this.#state = await readRedisReplication(this.#redis)
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
