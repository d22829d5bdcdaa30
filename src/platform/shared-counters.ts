import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { RedisStore, type RedisReply } from 'rate-limit-redis'

/** Counters that all processes share. Each counter is reset when its time window ends. */
export function sharedCounters(redis: Redis, prefix: string): RedisStore {
  return new RedisStore({ prefix, sendCommand: (...command) => send(redis, command) })
}

/**
 * RedisStore loads its scripts once and remembers a failure for ever. A failed load is therefore answered with the
 * script's hash, as if it had succeeded: RedisStore loads a script again when Redis does not know it.
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
