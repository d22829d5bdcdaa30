import { Redis } from 'ioredis'
import type { Logger } from './logger.ts'

/**
 * - `request`: fails at once while Redis is away, so that an HTTP caller gets an answer.
 * - `patient`: waits for Redis to come back (BullMQ workers demand it).
 * - `subscriber`: waits, and subscribes again by itself.
 */
export type ConnectionKind = 'request' | 'patient' | 'subscriber'

const RETRY_CAP_MS = 1_000
/** A command that Redis has not answered by then is reported as unavailable. */
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
    // Nobody asks for it, and the gateway's user may not send it.
    disableClientInfo: true,
    retryStrategy: (attempt) => Math.min(50 * attempt, RETRY_CAP_MS),
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

/** A user or password that is wrong does not become right by waiting. */
const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM)/

/** Settles when the connection is ready. Errors: a refused user at once, other trouble after `limitMs`. */
export async function whenReady(redis: Redis, limitMs: number): Promise<void> {
  if (redis.status === 'ready') return
  let last = 'no answer'
  let note = (_error: Error): void => undefined
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`Redis cannot be reached: ${last}`))
    }, limitMs)
    note = ({ message }) => {
      last = message
      if (!REFUSED.test(message)) return
      clearTimeout(timer)
      reject(new Error(`Redis refuses the user: ${message}`))
    }
    redis.on('error', note).once('ready', () => {
      clearTimeout(timer)
      resolve()
    })
  }).finally(() => redis.off('error', note))
}
