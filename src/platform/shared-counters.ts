import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { RedisStore, type RedisReply } from 'rate-limit-redis'

/** Counters that all processes share; each begins anew when its time is over. */
export function sharedCounters(redis: Redis, prefix: string): RedisStore {
  return new RedisStore({ prefix, sendCommand: (...command) => send(redis, command) })
}

/**
 * The store loads its scripts once, at the start, and keeps a failure for ever. So a failed load is answered
 * with the script's hash: the store loads again where Redis does not know it.
 */
async function send(redis: Redis, command: readonly string[]): Promise<RedisReply> {
  const [name = '', ...args] = command
  const reply = redis.call(name, ...args) as Promise<RedisReply>
  if (name !== 'SCRIPT') return reply
  return reply.catch(() =>
    createHash('sha1')
      .update(args[1] ?? '')
      .digest('hex'),
  )
}
