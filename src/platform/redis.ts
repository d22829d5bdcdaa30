import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from './logger.ts'
import { sentinelOptions, type Sentinels } from './sentinels.ts'
import { watchSilence } from './watch-silence.ts'

/**
 * - `request`: commands fail at once while Redis is unreachable, so that an HTTP request gets an answer.
 * - `patient`: commands wait until Redis is reachable again, which BullMQ workers require.
 * - `subscriber`: waits too. `Subscriptions` renews what it listens to.
 */
export type ConnectionKind = 'request' | 'patient' | 'subscriber'

/** `blocking`: the connection on which a BullMQ worker waits for jobs. */
export type ConnectionUse = ConnectionKind | 'blocking'

const MAX_RETRY_DELAY_MS = 1_000
/** A command without an answer after this time fails with UnavailableError. */
const COMMAND_TIMEOUT_MS = 3_000
/** A connection that waits longer for a job cannot show meanwhile that it lives. */
const LONGEST_WAIT_S = 0.5

const byKind = {
  request: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: COMMAND_TIMEOUT_MS },
  patient: { maxRetriesPerRequest: null },
  // ioredis renews subscriptions without a handler for a refusal, which would end the process.
  subscriber: { maxRetriesPerRequest: null, autoResubscribe: false },
} as const satisfies Record<ConnectionKind, object>

export interface RedisAddress {
  /** redis://…, rediss://… or the path of a unix socket. */
  readonly url: string
  /** They say where Redis is; the host of `url` does not count then. */
  readonly sentinels?: Sentinels | undefined
}

/** A connection that is open and silent is cut and made anew within 3 s; `onSilent` is called then. */
export function connectRedis(
  { url, sentinels }: RedisAddress,
  kind: ConnectionKind,
  logger: Logger,
  onSilent: (use: ConnectionUse) => void = () => undefined,
): Redis {
  const watch = { logger, onSilent }
  const redis = watched(
    new Redis(url, {
      ...byKind[kind],
      ...(sentinels && sentinelOptions(sentinels, url.startsWith('rediss:'))),
      connectTimeout: 2_000,
      // Flashline does not use CLIENT SETINFO, and the gateway's Redis user may not send it.
      disableClientInfo: true,
      // While Redis loads its data, a connection asks again before it counts as silent.
      maxLoadingRetryTime: 500,
      retryStrategy: (attempt) => Math.min(50 * attempt, MAX_RETRY_DELAY_MS),
      reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    }),
    kind,
    watch,
  )
  if (kind === 'patient') watchDuplicates(redis, watch)
  return redis
}

/** BullMQ makes the connection on which a worker waits for jobs with `duplicate`. */
function watchDuplicates(redis: Redis, watch: Watch): void {
  const duplicate = redis.duplicate.bind(redis)
  redis.duplicate = (override?: Partial<RedisOptions>) => {
    const blocking = watched(duplicate(override), 'blocking', watch)
    const wait = blocking.bzpopmin.bind(blocking)
    blocking.bzpopmin = ((key: string, seconds: number) =>
      wait(key, Math.min(seconds, LONGEST_WAIT_S))) as typeof blocking.bzpopmin
    return blocking
  }
}

interface Watch {
  readonly logger: Logger
  readonly onSilent: (use: ConnectionUse) => void
}

function watched(redis: Redis, use: ConnectionUse, { logger, onSilent }: Watch): Redis {
  let down = false
  redis.on('error', (error: Error) => {
    if (!down) logger.warn({ event: 'redis-down', connection: use, error: error.message })
    down = true
  })
  redis.on('ready', () => {
    if (down) logger.info({ event: 'redis-back', connection: use })
    down = false
  })
  watchSilence(redis, use === 'subscriber' ? 'answers' : 'bytes', () => {
    onSilent(use)
  })
  return redis
}

/** A connection that tries once, within `limitMs`, and needs no right but that of its commands. Call `connect`. */
export function connectOnce(url: string, limitMs: number): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: limitMs,
    commandTimeout: limitMs,
    retryStrategy: () => null,
    enableReadyCheck: false,
    disableClientInfo: true,
  })
  // The promise of `connect` has the reason.
  redis.on('error', () => undefined)
  return redis
}

/** Errors that do not pass by waiting: a wrong user, password or right. */
const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM|DENIED|ERR AUTH)/

/** Settles when the connection is ready. Errors: at once when Redis refuses the user, else after `limitMs`. */
export async function whenReady(redis: Redis, limitMs: number): Promise<void> {
  if (redis.status === 'ready') return
  let lastError = 'no answer'
  let onError = (_error: Error): void => undefined
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`Redis cannot be reached: ${lastError}`))
    }, limitMs)
    onError = ({ message }) => {
      lastError = message
      if (!REFUSED.test(message)) return
      clearTimeout(timer)
      reject(new Error(`Redis refuses the user: ${message}`))
    }
    redis.on('error', onError).once('ready', () => {
      clearTimeout(timer)
      resolve()
    })
  }).finally(() => redis.off('error', onError))
}
