import { afterEach, expect, it, jest } from '@jest/globals'
import type { Redis } from 'ioredis'
import { pino } from 'pino'
import { connectRedis, whenReady } from '../../src/platform/redis.ts'
import { testRedisUrl } from '../support/redis.ts'

/** Longer than the silence after which a connection is cut. */
const STALL_MS = 3_500
const LIMIT_MS = 15_000

let redis: Redis
afterEach(() => {
  redis.disconnect()
})

it('a connection is kept when this process stood still while the answer waited', async () => {
  const onSilent = jest.fn()
  redis = connectRedis({ url: testRedisUrl }, 'patient', pino({ level: 'silent' }), onSilent)
  await whenReady(redis, LIMIT_MS)
  const before = redis.ping()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STALL_MS)
  await before
  // Two more looks.
  await new Promise((resume) => setTimeout(resume, 600))
  expect(onSilent).not.toHaveBeenCalled()
  expect(redis.status).toBe('ready')
})
