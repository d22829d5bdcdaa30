import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { HttpProxy } from '../support/http-proxy.ts'
import { SdkReader } from '../support/sdk-reader.ts'
import { startSystem, type System } from '../support/system.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'
import type { ConnectOptions } from '../../web/sdk/types.ts'
import { BETTER_SOON_MS } from '../../web/sdk/connection-state.ts'
import { FIRST_BYTE_MS } from '../../web/sdk/http-transports.ts'

const TEN_MINUTES_MS = 600_000
const isStream = (target: string): boolean => target.includes('/events?parts=1')
const WEB_SOCKET = /upgrade: websocket/i

let system: System
let proxy: TcpProxy
const readers: SdkReader[] = []

beforeEach(async () => {
  system = await startSystem({ HEARTBEAT_MS: 1_000 })
  proxy = await TcpProxy.start(system.port)
})
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.connection.close()
  proxy.close()
  await system.close()
})

function read(
  options: Partial<ConnectOptions> = {},
  environment: ConstructorParameters<typeof SdkReader>[1] = {},
): SdkReader {
  const reader = new SdkReader({ url: proxy.url, feed: 'en', ...options }, environment)
  readers.push(reader)
  return reader
}

describe('on each transport, over a network that cuts and stalls connections', () => {
  it.each([
    { transport: 'websocket' as const, blocked: undefined },
    { transport: 'sse' as const, blocked: WEB_SOCKET },
    { transport: 'poll' as const, blocked: /upgrade: websocket|text\/event-stream/i },
  ])('$transport resumes from its position', async ({ transport, blocked }) => {
    proxy.blocked = blocked
    await system.publish('en', ['One'])
    const reader = read()
    await reader.shows('One')
    expect(reader.connection.status).toMatchObject({ transport, malformed: 0 })

    proxy.isDown = true
    proxy.cut()
    await reader.is({ state: 'offline' })
    expect(reader.texts).toEqual(['One'])
    const missed = await system.publish('en', ['Two', 'Three'])
    proxy.isDown = false
    await reader.shows('Three', 'Two', 'One')

    proxy.isStalled = true
    missed.push(...(await system.publish('en', ['Four'])))
    await eventually('the dead link is noticed', 20_000, () => {
      reader.passes(1_000)
      return reader.connection.status.state !== 'live'
    })
    proxy.isStalled = false
    proxy.cut()
    await reader.shows('Four', 'Three', 'Two', 'One')
    expect(reader.events.map(({ position }) => position)).toEqual(missed.map(({ position }) => position))
  })
})

describe('behind a proxy that treats streams as answers like any other', () => {
  let between: HttpProxy
  beforeEach(async () => {
    between = await HttpProxy.start(system.port)
  })
  afterEach(() => {
    between.close()
  })

  it('it polls when a stream is held back for five seconds', async () => {
    between.streams = 'holds'
    await system.publish('en', ['One'])
    const reader = read({ url: between.url })
    await eventually('a stream is tried', 15_000, () => between.requests.some(isStream))
    reader.passes(FIRST_BYTE_MS)
    await reader.shows('One')
    expect(reader.connection.status).toMatchObject({ state: 'live', transport: 'poll' })
    expect(between.requests.filter(isStream)).toHaveLength(1)
  })

  it('it takes a stream that ends in order, in the middle of a frame, for a cut, and resumes', async () => {
    const published = await system.publish('en', ['One'])
    between.streams = { cuts: 1_500 }
    const reader = read({ url: between.url })
    await reader.shows('One')
    const more = Array.from({ length: 12 }, (_, n) => `Line ${n}`)
    published.push(...(await system.publish('en', more)))
    await reader.shows(...more.reverse(), 'One')
    expect(reader.connection.status).toMatchObject({ malformed: 0 })
    expect(reader.events.map(({ position }) => position)).toEqual(
      published.slice(1).map(({ position }) => position),
    )
    expect(between.requests.filter(isStream).length).toBeGreaterThan(3)
  })
})

it('returns to the WebSocket when it is no longer blocked, and resumes from its position', async () => {
  proxy.blocked = WEB_SOCKET
  const reader = read()
  await reader.is({ state: 'live', transport: 'sse' })
  const published = await system.publish('en', ['One'])
  await reader.shows('One')

  proxy.blocked = undefined
  reader.passes(2 * BETTER_SOON_MS)
  await reader.is({ state: 'live', transport: 'websocket' })
  published.push(...(await system.publish('en', ['Two'])))
  await reader.shows('Two', 'One')
  expect(reader.events.map(({ position }) => position)).toEqual(published.map(({ position }) => position))
})

it('shows no headline that was withdrawn during ten minutes without a network, and the age of its strip', async () => {
  const [stays] = await system.publish('en', ['Stays'])
  const [goes] = await system.publish('en', ['Goes'])
  const reader = read()
  await reader.shows('Goes', 'Stays')

  proxy.isDown = true
  proxy.cut()
  const before = reader.wallNow
  reader.passes(TEN_MINUTES_MS)
  await reader.is({ state: 'offline' })
  expect(reader.connection.status.staleSince).toBeLessThanOrEqual(before)
  await system.withdraw('en', goes!.headline)
  proxy.isDown = false

  await reader.shows('Stays')
  expect(reader.connection.status.staleSince).toBeUndefined()
  expect(reader.events).toMatchObject([
    { op: 'withdraw', headline: { id: goes?.headline.id, status: 'withdrawn' } },
  ])
  expect(stays?.headline.id).toBe(reader.connection.strip?.[0]?.id)
})

it('reports the reason of a refusal', async () => {
  const reader = read({ feed: 'nowhere' }, { WebSocket: undefined })
  await reader.is({ state: 'refused', code: 'no-such-feed' })
})

it('gives only headlines that pass its filters', async () => {
  const reader = read({ filters: { urgency: 'urgent', section: ['sport', 'city'] } })
  await reader.is({ state: 'live' })
  await system.publish('en', [
    { text: 'A', section: 'city', urgency: 'flash' },
    { text: 'B', section: 'city', urgency: 'routine' },
    { text: 'C', urgency: 'flash' },
    { text: 'D', section: 'sport', urgency: 'urgent' },
  ])
  await reader.shows('D', 'A')
})

it('shares one connection among the subscribers of one feed, until the last has closed', async () => {
  const first = read()
  await first.is({ state: 'live' })
  const { createClient } = await import('../../web/sdk/create-client.ts')
  const { WebSocket } = await import('ws')
  const connect = createClient({ WebSocket })
  first.connection.close()
  await eventually('closed', 20_000, () => proxy.open === 0)

  const [one, other] = [1, 2].map(() =>
    connect({ url: proxy.url, feed: 'en', filters: { region: ['b', 'a'] } }),
  )
  const another = connect({ url: proxy.url, feed: 'en', filters: { region: ['a', 'b'] } })
  await eventually('live', 20_000, () => another.status.state === 'live')
  expect(proxy.open).toBe(1)
  one?.close()
  one?.close()
  other?.close()
  expect(one?.status.state).toBe('closed')
  await system.publish('en', [{ text: 'Here', regions: ['a'] }])
  await eventually('the last subscriber still reads', 20_000, () => another.strip?.length === 1)
  another.close()
  await eventually('closed', 20_000, () => proxy.open === 0)
})

it('shows the cached strip at once, marked with its age, and resumes from its position', async () => {
  const kept = new Map<string, string>()
  const cache = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  const [goes] = await system.publish('en', ['Goes'])
  const first = read({ cache })
  await first.shows('Goes')
  first.connection.close()
  await system.withdraw('en', goes!.headline)
  await system.publish('en', ['New'])

  proxy.isDown = true
  const next = read({ cache })
  expect(next.texts).toEqual(['Goes'])
  expect(next.connection.feed?.id).toBe('en')
  expect(next.connection.status.staleSince).toBeLessThanOrEqual(first.wallNow)
  proxy.isDown = false
  await next.shows('New')
  expect(next.events.map(({ op }) => op)).toEqual(['withdraw', 'publish'])
  expect(next.connection.status.staleSince).toBeUndefined()
  expect([...kept.values()].join()).not.toContain('Goes')
})

it('starts without a damaged cache', async () => {
  const cache = {
    getItem: () => '{"type":"reset","position":7',
    setItem: () => {
      throw new Error('full')
    },
  }
  const reader = read({ cache })
  await reader.is({ state: 'live' })
})
