import type { Redis } from 'ioredis'
import { StoreFaults, type StoreFault } from '../eventlog/store/store-faults.ts'
import { openStore, type Store } from '../eventlog/store/store.ts'
import type { Config, ServiceRole } from '../platform/config.ts'
import { messageOf } from '../platform/errors.ts'
import type { Lifecycle } from '../platform/lifecycle.ts'
import type { Logger } from '../platform/logger.ts'
import type { Metrics } from '../platform/metrics.ts'
import { connectRedis, whenReady, type ConnectionKind } from '../platform/redis.ts'
import { isSentinel, refuseOtherServers, sentinelFault } from '../platform/refuse-other-servers.ts'

/** Redis may need this time to load its data from the disk. */
const REDIS_TIMEOUT_MS = 60_000

/** The dependencies that all roles of one process share. */
export interface ProcessContext {
  readonly config: Config
  readonly logger: Logger
  readonly metrics: Metrics
  readonly lifecycle: Lifecycle
}

/** The dependencies of one role: its own connections to Redis, with the rights of the role. */
export interface RoleContext extends ProcessContext {
  readonly store: Store
  readonly redis: Redis
  readonly connect: (kind: ConnectionKind) => Redis
}

/** Errors: when Redis refuses the role's user or does not answer. */
export async function openRoleContext(
  processContext: ProcessContext,
  role: ServiceRole,
): Promise<RoleContext> {
  const { config, logger, metrics, lifecycle } = processContext
  const address = { url: config.redisUrls[role], sentinels: config.sentinels }
  const connect = (kind: ConnectionKind): Redis => {
    const redis = connectRedis(address, kind, logger, (connection) => {
      metrics.connectionsSilent.inc({ connection })
    })
    lifecycle.own(`redis ${role} ${kind}`, () => {
      redis.disconnect()
    })
    return redis
  }
  const redis = connect('request')
  try {
    await whenReady(redis, REDIS_TIMEOUT_MS)
    await refuseOtherServers(redis)
  } catch (error) {
    const isOfSentinel = !config.sentinels && (await isSentinel(address.url))
    const reason = isOfSentinel ? sentinelFault : messageOf(error)
    throw new Error(`${role}: ${reason}`, { cause: error })
  }
  const store = openStore(redis, {
    prefix: config.REDIS_PREFIX,
    keptEvents: config.LOG_EVENTS,
    faults: new StoreFaults((fault, change) => {
      noteFault(processContext, role, fault, change)
    }),
  })
  return { ...processContext, store, redis, connect }
}

const faultEvents = {
  record: 'record-damaged',
  channel: 'publishing-refused',
  right: 'right-missing',
} as const

function noteFault(
  { metrics, logger }: ProcessContext,
  role: ServiceRole,
  { kind, name, reason }: StoreFault,
  change: 'found' | 'mended',
): void {
  metrics.storeFaults.inc({ kind }, change === 'found' ? 1 : -1)
  if (change === 'found') logger.error({ event: faultEvents[kind], role, name, error: reason })
  else logger.info({ event: 'fault-mended', role, kind, name })
}
