import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRateLimits } from '../../../../src/api/http/rate-limits.ts'
import { problemOf } from '../../../../src/api/http/problem-of.ts'
import { redisKeys } from '../../../../src/eventlog/store/redis-keys.ts'
import { freshPrefix, openTestStore } from '../../../support/redis.ts'

const PER_MINUTE = 5

let opened: Awaited<ReturnType<typeof openTestStore>>
let store: typeof opened
const servers: Server[] = []
beforeAll(async () => {
  opened = await openTestStore()
})
beforeEach(() => {
  store = { ...opened, keys: redisKeys(freshPrefix()) }
})
afterAll(async () => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  await opened.close()
})

/** A process with these limits; gives how many of so many requests are served. */
async function gate(limit: 'requests' | 'failedLogins' | 'strangers', on = store) {
  const limits = createRateLimits(on, PER_MINUTE)
  const app = express().set('trust proxy', 1)
  const credential: RequestHandler = (req, res, next) => {
    res.locals.credential = String(req.headers['x-credential'])
    next()
  }
  app.use(credential, limits[limit], (_req: Request, res: Response) => {
    res.end('served')
  })
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    res.status(429).json(problemOf(error).code)
  })
  const server = app.listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return async (times: number, credential = 'key:a', address = '192.0.2.1') => {
    const headers = { 'x-credential': credential, 'x-forwarded-for': address }
    const asking = Array.from({ length: times }, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { headers })
      const text = await answer.text()
      expect(text).toBe(answer.status === 200 ? 'served' : '"too-many-requests"')
      return answer.status
    })
    const statuses = await Promise.all(asking)
    return statuses.filter((status) => status === 200).length
  }
}

describe('requests of a credential', () => {
  it('are so many in a minute, over all addresses and processes, and those of others do not count', async () => {
    const [one, other] = [await gate('requests'), await gate('requests')]
    expect(await one(3, 'key:a', '192.0.2.1')).toBe(3)
    expect(await other(4, 'key:a', '192.0.2.2')).toBe(2)
    expect(await one(1, 'key:a')).toBe(0)
    expect(await one(1, 'key:b')).toBe(1)
    const left = await store.redis.pttl(`${store.keys.rateLimits}key:a`)
    expect(left).toBeGreaterThan(40_000)
    expect(left).toBeLessThanOrEqual(60_000)
  })

  it('pass where nobody can count', async () => {
    const away = store.redis.duplicate({
      path: '',
      host: '127.0.0.1',
      port: 1,
      retryStrategy: () => null,
      enableOfflineQueue: false,
    })
    away.on('error', () => undefined)
    const said = jest.spyOn(console, 'error').mockReturnValue()
    const send = await gate('requests', { ...store, redis: away })
    expect(await send(PER_MINUTE + 3)).toBe(PER_MINUTE + 3)
    expect(said).toHaveBeenCalledTimes(PER_MINUTE + 3)
    said.mockRestore()
  })
})

describe('by address', () => {
  it('unknown keys are sixty in a minute', async () => {
    const send = await gate('failedLogins')
    expect(await send(62, 'key:a', '192.0.2.1')).toBe(60)
    expect(await send(1, 'key:a', '192.0.2.2')).toBe(1)
  })

  it('what needs no credential is three hundred in a minute', async () => {
    const send = await gate('strangers')
    expect(await send(302, '', '192.0.2.1')).toBe(300)
    expect(await send(1, '', '192.0.2.2')).toBe(1)
  })
})
