import type { Redis } from 'ioredis'
import { openStore, type Store } from '../eventlog/store/store.ts'
import type { Config, ServiceRole } from '../platform/config.ts'
import { messageOf } from '../platform/errors.ts'
import type { Lifecycle } from '../platform/lifecycle.ts'
import type { Logger } from '../platform/logger.ts'
import type { Metrics } from '../platform/metrics.ts'
import { connectRedis, whenReady, type ConnectionKind } from '../platform/redis.ts'

/** Redis may still be loading its file. */
const REDIS_LIMIT_MS = 60_000

/** What all roles of one process share. */
export interface Common {
  readonly config: Config
  readonly logger: Logger
  readonly metrics: Metrics
  readonly lifecycle: Lifecycle
}

/** What one role needs before it starts: its own connections to Redis, with its own rights. */
export interface Ground extends Common {
  readonly store: Store
  readonly redis: Redis
  readonly connect: (kind: ConnectionKind) => Redis
}

/** Errors: when Redis does not let the role in, or does not answer. */
export async function openGround(common: Common, role: ServiceRole): Promise<Ground> {
  const { config, logger, lifecycle } = common
  const connect = (kind: ConnectionKind): Redis => {
    const redis = connectRedis(config.redisUrls[role], kind, logger)
    lifecycle.own(`redis ${role} ${kind}`, () => {
      redis.disconnect()
    })
    return redis
  }
  const redis = connect('request')
  await whenReady(redis, REDIS_LIMIT_MS).catch((error: unknown) => {
    throw new Error(`${role}: ${messageOf(error)}`, { cause: error })
  })
  const store = openStore(redis, { prefix: config.REDIS_PREFIX, keptEvents: config.LOG_EVENTS })
  return { ...common, store, redis, connect }
}
