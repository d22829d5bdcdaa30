import { Redis } from 'ioredis'
import type { Logger } from './logger.ts'

/**
 * - `request`: commands fail at once while Redis is unreachable, so that an HTTP request gets an answer.
 * - `patient`: commands wait until Redis is reachable again, which BullMQ workers require.
 * - `subscriber`: waits too, and renews its subscriptions.
 */
export type ConnectionKind = 'request' | 'patient' | 'subscriber'

const MAX_RETRY_DELAY_MS = 1_000
/** A command without an answer after this time fails with UnavailableError. */
const COMMAND_TIMEOUT_MS = 3_000

const byKind = {
  request: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: COMMAND_TIMEOUT_MS },
  patient: { maxRetriesPerRequest: null },
  subscriber: { maxRetriesPerRequest: null },
} as const satisfies Record<ConnectionKind, object>

/** `url`: redis://…, rediss://… or the path of a unix socket. */
export function connectRedis(url: string, kind: ConnectionKind, logger: Logger): Redis {
  const redis = new Redis(url, {
    ...byKind[kind],
    connectTimeout: 2_000,
    // Flashline does not use CLIENT SETINFO, and the gateway's Redis user may not send it.
    disableClientInfo: true,
    retryStrategy: (attempt) => Math.min(50 * attempt, MAX_RETRY_DELAY_MS),
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  })
  let down = false
  redis.on('error', (error: Error) => {
    if (!down) logger.warn({ event: 'redis-down', connection: kind, error: error.message })
    down = true
  })
  redis.on('ready', () => {
    if (down) logger.info({ event: 'redis-back', connection: kind })
    down = false
  })
  return redis
}

/** Errors that do not pass by waiting: a wrong user, password or right. */
const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM)/

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
