import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { ReaderGate } from '../../src/gateway/partners/reader-gate.ts'
import { RequestLimits } from '../../src/gateway/partners/request-limits.ts'
import { UsageCounts } from '../../src/gateway/partners/usage-counts.ts'
import { bearer } from '../support/partners.ts'
import { startSystem, type System } from '../support/system.ts'

const TOKEN_LIFE_MS = 300_000

let system: System
beforeAll(async () => {
  system = await startSystem()
  for (const id of ['wire', 'vault']) await system.createFeed({ id, lang: 'en', visibility: 'partners' })
})
afterAll(() => system.close())

interface Told {
  readonly token: string
  readonly key: string
  readonly code?: string
}

async function post(path: string, headers: Record<string, string>, body: object = {}) {
  const answer = await fetch(system.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as Told }
}

const tokenFor = (feed: string, headers = system.authorization) =>
  post(`/v1/feeds/${feed}/reader-tokens`, headers)

it('a person with a role in a feed gets a token for it, and nobody else does', async () => {
  const { status, body } = await tokenFor('wire')
  expect(status).toBe(201)
  const read = async (feed: string) => (await system.get(`/v1/feeds/${feed}`, bearer(body.token))).status
  expect([await read('wire'), await read('vault'), await read('en')]).toEqual([200, 404, 404])
  const other = await post('/v1/keys', system.authorization, {
    name: 'of another feed',
    roles: { vault: 'editor' },
  })
  const refused = await tokenFor('wire', bearer(other.body.key))
  expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
  expect((await tokenFor('vault', bearer(other.body.key))).status).toBe(201)
  expect((await tokenFor('nowhere')).status).toBe(404)
})

it('the streams of such a token end with it', async () => {
  let aheadMs = 0
  const now = () => Date.now() + aheadMs
  const logger = pino({ level: 'silent' })
  const { store } = system
  const usage = new UsageCounts(store, logger, now)
  const gate = new ReaderGate({ store, logger, now, limits: new RequestLimits(), usage })
  try {
    await gate.look()
    const { token } = (await tokenFor('wire')).body
    const request = { headers: { authorization: `Bearer ${token}` }, url: '/v1/feeds/wire/events' }
    const pass = await gate.passOf(request as unknown as IncomingMessage)
    let ended = 0
    gate.enter({ pass: pass!, feed: 'wire', end: () => ended++ })
    await gate.look()
    expect([ended, gate.stillOpens(pass!, 'wire'), gate.stillOpens(pass!, 'vault')]).toEqual([0, true, false])
    aheadMs = TOKEN_LIFE_MS
    await gate.look()
    expect([ended, gate.stillOpens(pass!, 'wire')]).toEqual([1, false])
  } finally {
    await gate.close()
  }
})
