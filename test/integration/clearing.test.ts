import { afterEach, describe, expect, it } from '@jest/globals'
import type { EventFrame } from '../../src/protocol/frames.ts'
import { parsePosition } from '../../src/protocol/position.ts'
import { BETTER_SOON_MS } from '../../web/sdk/connection-state.ts'
import type { ConnectOptions } from '../../web/sdk/types.ts'
import { DeskReader } from '../support/desk-reader.ts'
import { eventually } from '../support/eventually.ts'
import { clearedAs, releasesOf } from '../support/receipt.ts'
import { SdkReader } from '../support/sdk-reader.ts'
import { startSystem, systemKey, type System } from '../support/system.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'
import type { WsReader } from '../support/ws-reader.ts'

const LIMIT_MS = 20_000
const acks = { query: { acks: '1' } }

let systems: System[] = []
let readers: SdkReader[] = []
let proxies: TcpProxy[] = []
const start: typeof startSystem = async (...how) => {
  const system = await startSystem(...how)
  systems.push(system)
  return system
}
afterEach(async () => {
  for (const reader of readers) reader.connection.close()
  for (const proxy of proxies) proxy.close()
  for (const system of systems) await system.close()
  systems = []
  readers = []
  proxies = []
})

function read(url: string, options: Partial<ConnectOptions> = {}): SdkReader {
  const reader = new SdkReader({ url, feed: 'en', ...options })
  readers.push(reader)
  return reader
}

/** A reader without the client's random delay: the test decides when it acknowledges. */
const says = (reader: WsReader, { position }: EventFrame) => {
  reader.send(JSON.stringify({ type: 'ack', position }))
}

describe('a withdrawal', () => {
  it('clears all screens of 20 readers, and the desk stream shows the rising count', async () => {
    const system = await start()
    const desk = await DeskReader.open(`${system.url}/v1/feeds/en/desk`, systemKey)
    const [line] = await system.publish('en', 1)
    const screens = Array.from({ length: 20 }, (_, n) =>
      read(system.url, n % 4 === 0 ? { filters: { section: ['city'] } } : {}),
    )
    await Promise.all(screens.map((screen) => screen.is({ state: 'live' })))
    const slow = await system.connect('en', acks)
    const stream = await system.stream('en')

    const withdrawn = await system.withdraw('en', line!.headline)
    await Promise.all([slow, stream].map((reader) => reader.received(withdrawn)))
    const most = await clearedAs(system, line!.headline.id, { cleared: 20 })
    expect(most.cleared).toEqual({ screens: 21, cleared: 20, percent: 95.2, missing: 1, left: 0, silent: 1 })
    expect(most.gateways.map(({ cleared }) => cleared)).toEqual([most.cleared])

    says(slow, withdrawn)
    await clearedAs(system, line!.headline.id, { screens: 21, cleared: 21, percent: 100, missing: 0 })
    const shown = () =>
      desk.frames.flatMap(({ position, cleared }) =>
        position === withdrawn.position && cleared ? [cleared] : [],
      )
    await eventually('the desk stream shows the count', LIMIT_MS, () => shown().at(-1)?.percent === 100)
    const percents = shown().map(({ percent }) => percent ?? 0)
    expect(percents).toEqual([...percents].sort((a, b) => a - b))
    expect(percents).toContain(95.2)
    desk.drop()
  })

  it('is not counted for a stalled screen until its reader resumes', async () => {
    const system = await start({ HEARTBEAT_MS: 1_000 })
    const proxy = await TcpProxy.start(system.port)
    proxies.push(proxy)
    const [line] = await system.publish('en', ['Wrong'])
    const [steady, stalled] = [read(system.url), read(proxy.url)]
    await Promise.all([steady, stalled].map((screen) => screen.shows('Wrong')))
    proxy.isStalled = true
    await system.withdraw('en', line!.headline)
    const { id } = line!.headline
    const missing = await clearedAs(system, id, { screens: 2, cleared: 1, percent: 50, missing: 1, left: 0 })
    expect(missing.gateways[0]?.cleared).toMatchObject({ missing: 1 })
    expect(stalled.texts).toEqual(['Wrong'])

    proxy.isDown = true
    proxy.cut()
    await clearedAs(system, id, { screens: 2, cleared: 1, missing: 1, left: 1 })
    proxy.isStalled = proxy.isDown = false
    await stalled.shows()
    // The reader may have received it over server-sent events, which cannot acknowledge; it does so on a WebSocket.
    if (stalled.connection.status.transport !== 'websocket') stalled.passes(2 * BETTER_SOON_MS)
    await stalled.is({ state: 'live', transport: 'websocket' })
    await clearedAs(system, id, { screens: 2, cleared: 2, percent: 100, missing: 0, left: 0 })
  }, 40_000)

  it('is asked of readers that were disconnected, and of readers that get a reset', async () => {
    const system = await start({ RESUME_EVENTS: 3 })
    const away = await system.connect('en', acks)
    const [line] = await system.publish('en', 1)
    await away.received(line)
    away.drop()
    const withdrawn = await system.withdraw('en', line!.headline)
    await clearedAs(system, line!.headline.id, { screens: 0, percent: null })
    await system.publish('en', 3)
    await away.returnAfter()
    const reset = await away.untilType('reset')
    expect(reset.reason).toBe('range')
    await clearedAs(system, line!.headline.id, { screens: 1, cleared: 0, missing: 1 })
    away.send(JSON.stringify({ type: 'ack', position: reset.position }))
    await clearedAs(system, line!.headline.id, { screens: 1, cleared: 1, percent: 100 })
    expect(parsePosition(reset.position)?.seq).toBeGreaterThan(parsePosition(withdrawn.position)?.seq ?? 0)
  })

  it('is not counted for a publish or a resume', async () => {
    const system = await start()
    const [line] = await system.publish('en', 1)
    const reader = await system.connect('en', acks)
    await reader.untilType('reset')
    await system.correct('en', line!.headline, 'Corrected')
    await clearedAs(system, line!.headline.id, { screens: 1, missing: 1 })
    const [first] = await releasesOf(system, line!.headline.id)
    expect(first).toMatchObject({ op: 'publish' })
    expect(first).not.toHaveProperty('cleared')
  })
})

describe('several gateways', () => {
  it('add up, even when one of them stops and its readers go to another gateway', async () => {
    const api = await start()
    const prefix = { REDIS_PREFIX: api.prefix, DRAIN_MS: 500 }
    const [one, two] = [await start(prefix, 'gateway'), await start(prefix, 'gateway')]
    const [line] = await api.publish('en', 1)
    const at = [await one.connect('en', acks), await one.connect('en', acks), await two.connect('en', acks)]
    await Promise.all(at.map((reader) => reader.untilType('reset')))
    const withdrawn = await api.withdraw('en', line!.headline)
    await Promise.all(at.map((reader) => reader.received(withdrawn)))
    const { id } = line!.headline
    says(at[0]!, withdrawn)
    says(at[2]!, withdrawn)
    const before = await clearedAs(api, id, { screens: 3, cleared: 2, percent: 66.6, missing: 1, left: 0 })
    expect(before.gateways.map(({ cleared }) => cleared?.missing).sort()).toEqual([0, 0, 1])

    await one.stop()
    await clearedAs(api, id, { screens: 3, cleared: 2, missing: 1, left: 1 })
    const again = await start(prefix, 'gateway')
    const back = await again.connect('en', { ...acks, after: line!.position })
    await back.received(withdrawn)
    await clearedAs(api, id, { screens: 3, cleared: 2, missing: 1, left: 0 })
    says(back, withdrawn)
    await clearedAs(api, id, { screens: 3, cleared: 3, percent: 100, missing: 0, left: 0 })
  }, 40_000)
})
