import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readUsage } from '../../src/eventlog/partners/partner-usage.ts'
import { accessFields } from '../../src/eventlog/partners/partner-access.ts'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { startGateway } from '../../src/gateway/gateway.ts'
import { readConfig } from '../../src/platform/config.ts'
import { createApp } from '../../src/platform/create-app.ts'
import { createHttpServer, listen } from '../../src/platform/http-server.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { notTheService } from '../support/contract/other-servers.ts'
import { testRedisUrl } from '../support/redis.ts'
import { eventually } from '../support/eventually.ts'
import { bearer, partnersOn, type TestPartner } from '../support/partners.ts'
import { startSystem, type System } from '../support/system.ts'

let system: System
let partners: ReturnType<typeof partnersOn>
let other: TestPartner
beforeAll(async () => {
  system = await startSystem()
  partners = partnersOn(system)
  await system.createFeed({ id: 'wire', lang: 'en', visibility: 'partners' })
  other = await served(await partners.make(['wire']))
  await system.publish('wire', 1)
})
afterAll(() => system.close())

/** A partner whose key the gateway knows. */
async function served(partner: TestPartner): Promise<TestPartner> {
  await eventually('the key is known', 20_000, async () => {
    return (await system.snapshot('wire', bearer(partner.key))).status === 200
  })
  return partner
}
const newPartner = async (extra: object = {}) => served(await partners.make(['wire'], extra))

/** Streams of all kinds, opened with a key and with a token that was made with it. */
async function openReaders(partner: TestPartner) {
  const token = await partners.token(partner)
  const { position } = (await system.snapshot('wire', bearer(partner.key))).body
  const sockets = [
    await system.connect('wire', { headers: bearer(partner.key) }),
    await system.connect('wire', { query: { token } }),
  ]
  const streams = [
    await system.stream('wire', { headers: bearer(partner.key) }),
    await system.stream('wire', { query: { token } }),
  ]
  for (const reader of [...sockets, ...streams]) await reader.untilType('reset')
  return { sockets, streams, poll: system.page('wire', { after: position, wait: 25 }, bearer(partner.key)) }
}

async function areSentAway({ sockets, streams, poll }: Awaited<ReturnType<typeof openReaders>>) {
  for (const reader of [...sockets, ...streams])
    expect(await reader.untilType('bye')).toMatchObject({ reason: 'revoked' })
  for (const { closed } of sockets) expect(await closed).toEqual({ code: 4401, reason: 'revoked' })
  for (const { ended } of streams) await ended
  expect(await poll).toMatchObject({ status: 401, body: { code: 'partner-refused' } })
}

describe('open readers of a partner are sent away', () => {
  it('when the key is revoked, and the readers of other partners and keys are not', async () => {
    const partner = await newPartner()
    const second = await partners.rotate(partner, 3_600)
    const [ended, kept, neighbour] = [
      await openReaders(partner),
      await system.connect('wire', { headers: bearer((await served(second)).key) }),
      await system.connect('wire', { headers: bearer(other.key) }),
    ]
    await partners.revoke(partner)
    await areSentAway(ended)
    expect((await system.snapshot('wire', bearer(partner.key))).status).toBe(401)
    const [event] = await system.publish('wire', ['After the revocation'])
    for (const reader of [kept, neighbour])
      expect((await reader.untilType('event')).position).toBe(event!.position)
  })

  it('when the partner is deleted', async () => {
    const partner = await newPartner()
    const ended = await openReaders(partner)
    await partners.remove(partner)
    await areSentAway(ended)
  })

  it('when the partner may not have the feed any more', async () => {
    const partner = await newPartner()
    const ended = await openReaders(partner)
    await partners.change(partner, ['en'])
    await areSentAway(ended)
  })

  it('when the filter of the partner changes', async () => {
    const partner = await newPartner()
    const ended = await openReaders(partner)
    await partners.change(partner, ['wire'], { filter: { section: ['sport'] } })
    for (const { closed } of ended.sockets) expect((await closed).code).toBe(4401)
  })

  it('when the overlap of an older key is over', async () => {
    const partner = await newPartner()
    const ended = await openReaders(partner)
    const next = await partners.rotate(partner, 2)
    const kept = await system.connect('wire', { headers: bearer((await served(next)).key) })
    await areSentAway(ended)
    await system.publish('wire', 1)
    await kept.untilType('event')
  })

  it('when the time of the partner is over', async () => {
    const partner = await newPartner({ expiresAt: new Date(Date.now() + 4_000).toISOString() })
    await areSentAway(await openReaders(partner))
    expect((await system.snapshot('wire', bearer(partner.key))).status).toBe(401)
    await expect(partners.token(partner)).rejects.toThrow('partner-refused')
  })

  it('although the message about the change is lost', async () => {
    const partner = await newPartner()
    const ended = await openReaders(partner)
    const { redis, keys } = system.store
    await redis
      .multi()
      .hdel(keys.desk.partnerAccess, accessFields.partner(partner.id))
      .hset(keys.desk.partnerAccess, accessFields.version, 'written without a message')
      .exec()
    await areSentAway(ended)
  })

  it('when the record of the partner is damaged, and no other partner is concerned', async () => {
    const partner = await newPartner()
    const ended = await openReaders(partner)
    const { redis, keys } = system.store
    await redis
      .multi()
      .hset(keys.desk.partnerAccess, accessFields.partner(partner.id), '{"id":')
      .hset(keys.desk.partnerAccess, accessFields.version, 'damaged')
      .exec()
    await areSentAway(ended)
    expect((await system.snapshot('wire', bearer(other.key))).status).toBe(200)
  })
})

it('a page reads through a token that has ended, as long as its key is valid', async () => {
  const partner = await newPartner()
  const token = await partners.token(partner, { lifetimeS: 2 })
  const reader = await system.connect('wire', { query: { token } })
  await reader.untilType('reset')
  await eventually('the token has ended', 20_000, async () => {
    return (await system.snapshot('wire', bearer(token))).status === 401
  })
  const [event] = await system.publish('wire', ['After the token'])
  expect((await reader.untilType('event')).position).toBe(event!.position)
})

it('the usage of a partner is counted in requests, connections, deliveries and bytes', async () => {
  const running = await startSystem()
  const own = partnersOn(running)
  await running.createFeed({ id: 'wire', lang: 'en', visibility: 'partners' })
  const partner = await own.make(['wire'])
  const idle = await own.make(['wire'])
  await eventually('the key is known', 20_000, async () => {
    return (await running.snapshot('wire', bearer(partner.key))).status === 200
  })
  const socket = await running.connect('wire', { headers: bearer(partner.key) })
  const stream = await running.stream('wire', { headers: bearer(partner.key) })
  const first = await socket.untilType('reset')
  await stream.untilType('reset')
  await running.publish('wire', 3)
  await Promise.all([socket.take(3), stream.take(3)])
  const page = await running.page('wire', { after: first.position }, bearer(partner.key))
  expect(page.body.events).toHaveLength(3)
  await running.stop()
  const today = new Date().toISOString().slice(0, 10)
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
  const [day] = (await readUsage(running.store, partner.id, [yesterday, today])).slice(-1)
  expect(day).toMatchObject({ connections: 2, deliveries: 9 })
  // The snapshots until the key was known, two streams and a page.
  expect(day!.requests).toBeGreaterThanOrEqual(4)
  // Three answers and two streams with a strip and three events.
  expect(day!.bytes).toBeGreaterThan(3_000)
  expect(await readUsage(running.store, idle.id, [yesterday, today])).toEqual([])
  await running.close()
})

it('neither a key nor a token gets into the log', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line) => lines.push(line) })
  const subscriber = new Redis(testRedisUrl)
  const gateway = startGateway({
    store: system.store,
    subscriber,
    config: readConfig({ REDIS_URL: testRedisUrl, REDIS_PREFIX: system.prefix, DRAIN_MS: '0' }),
    metrics: createMetrics(),
    logger,
  })
  await gateway.loaded(20_000)
  const server = notTheService(createHttpServer(createApp(0).use(...gateway.routes), gateway.upgrade, 5_000))
  const url = await listen(server, 0, '127.0.0.1')
  const token = await partners.token(other)
  const wrong = `${token.slice(0, -2)}__`
  for (const query of ['', `?token=${token}`, `?token=${token}&token=${token}`, `?token=${wrong}`])
    for (const path of [
      '/v1/feeds/wire',
      '/v1/feeds/wire/events',
      '/v1/feeds/wire/live',
      '/embed/wire',
      '/%zz',
    ])
      await (
        await fetch(`${url}${path}${query}`, { headers: query === '' ? bearer(other.key) : {} })
      ).arrayBuffer()
  logger.info('the end')
  const log = lines.join('\n')
  expect(log).toContain('the end')
  for (const secret of [token, wrong, other.key].map((text) => text.slice(-40)))
    expect(log).not.toContain(secret)
  server.close()
  server.closeAllConnections()
  await gateway.drain()
  subscriber.disconnect()
})
