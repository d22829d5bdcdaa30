import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { startSystem, type System } from '../support/system.ts'

let system: System | undefined
const start = async (overrides: Record<string, string | number>) => (system = await startSystem(overrides))
beforeEach(() => {
  system = undefined
})
afterEach(() => system?.close())

describe('draining', () => {
  it('a draining gateway tells WebSocket readers when to come back, and answers long polls', async () => {
    const running = await start({ DRAIN_MS: 2_000 })
    const [reader, stream] = [await running.connect('en'), await running.stream('en')]
    const [last] = await running.publish('en', 1)
    await Promise.all([reader.received(last), stream.received(last)])
    const waiting = running.page('en', { after: last!.position, wait: 25 })
    // This request is later on the same event loop, so its answer shows that the page has begun to wait.
    await running.snapshot('en')
    const stopped = running.stop()
    const byes = [await reader.untilType('bye'), await stream.untilType('bye')]
    for (const bye of byes) {
      expect(bye.reason).toBe('draining')
      expect(bye.retryAfterMs).toBeGreaterThanOrEqual(0)
      expect(bye.retryAfterMs).toBeLessThanOrEqual(10_000)
    }
    expect(stream.retryMs).toBe(byes[1]?.retryAfterMs)
    expect(await reader.closed).toEqual({ code: 1001, reason: 'draining' })
    await stream.ended
    // Before the gateway is gone, and not at the end of its 25 s.
    expect(await Promise.race([waiting, stopped])).toMatchObject({ status: 200 })
    await stopped
    await expect(fetch(running.url)).rejects.toThrow()
  })

  it('a draining gateway sends its readers away in batches, each with a random time to come back', async () => {
    const running = await start({ DRAIN_MS: 2_000 })
    const readers = await Promise.all(Array.from({ length: 250 }, () => running.connect('en')))
    const byes: { at: number; retryAfterMs: number }[] = []
    const byesReceived = readers.map(async (reader) => {
      const { retryAfterMs } = await reader.untilType('bye')
      byes.push({ at: performance.now(), retryAfterMs })
    })
    const stopped = running.stop()
    await Promise.all(byesReceived)
    await stopped

    // A batch of 200, a pause, and a batch of 50.
    const gaps = byes.slice(1).map(({ at }, index) => at - (byes[index]?.at ?? at))
    expect(Math.max(...gaps)).toBeGreaterThan(10)
    expect(new Set(byes.map(({ retryAfterMs }) => retryAfterMs)).size).toBeGreaterThan(200)
  })

  it('a draining gateway refuses new readers with 503 while earlier ones leave', async () => {
    const running = await start({ DRAIN_MS: 3_000 })
    const stuck = await running.connect('en')
    stuck.pause()
    const stopped = running.stop()
    const refused = { status: 503, headers: { 'retry-after': expect.any(String) } }
    await expect(running.connect('en')).rejects.toMatchObject(refused)
    expect((await running.get('/readyz')).status).toBe(503)
    stuck.drop()
    await stopped
  })
})
