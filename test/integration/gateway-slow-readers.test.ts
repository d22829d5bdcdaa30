import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { bound } from '../support/bound.ts'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'
import type { WsReader } from '../support/ws-reader.ts'

/** More bytes than the buffers between two sockets of this computer hold. */
const BLOCKING_LINES = 1_500
const seqOf = (position: string) => Number(position.split(':')[1])

let system: System | undefined
const start = async (overrides: Record<string, string | number>) => (system = await startSystem(overrides))
beforeEach(() => {
  system = undefined
})
afterEach(() => system?.close())

describe('a gateway with small limits', () => {
  it('sends the strip to a reader whose position is older than its log in memory', async () => {
    const { connect, publish, page } = bound(await start({ RESUME_EVENTS: 3 }))
    const events = await publish('en', 6)
    const remembered = await connect('en', { after: events[2]!.position })
    expect(await remembered.take(3)).toEqual(events.slice(3))

    const forgotten = await connect('en', { after: events[1]!.position })
    const reset = await forgotten.untilType('reset')
    expect(reset).toMatchObject({ reason: 'range', position: events[5]?.position })
    expect(reset.strip).toHaveLength(6)
    expect((await page('en', { after: events[1]!.position })).body.reset?.reason).toBe('range')
  })

  it('sends heads and pings while a feed has no events', async () => {
    const { connect, stream, publish } = bound(await start({ HEARTBEAT_MS: 200 }))
    const [reader, events] = [await connect('en'), await stream('en')]
    const [line] = await publish('en', 1)
    for (const each of [reader, events]) {
      expect(await each.untilType('hello')).toMatchObject({ heartbeatMs: 200 })
      await each.received(line)
      const heads = [await each.untilType('head'), await each.untilType('head')]
      expect(heads.map(({ position }) => position)).toEqual([line?.position, line?.position])
      expect(Date.parse(heads[1]!.serverTime)).toBeGreaterThan(Date.parse(heads[0]!.serverTime))
      expect(heads[0]).not.toHaveProperty('stale')
    }
    expect(reader.pings).toBeGreaterThan(0)
    expect(events.lastEventId).toBe(`${line?.position}:${line?.mark}`)
  })

  it('closes a client that answers no ping with 4410, and keeps one that does', async () => {
    const { connect, publish } = bound(await start({ HEARTBEAT_MS: 200 }))
    const [dead, alive] = [await connect('en', { autoPong: false }), await connect('en')]
    expect(await dead.untilType('bye')).toMatchObject({ reason: 'idle' })
    expect(await dead.closed).toEqual({ code: 4410, reason: 'idle' })
    const events = await publish('en', 1)
    expect(await alive.take(1)).toEqual(events)
  })

  it('closes a client that answers no ping on a busy feed too', async () => {
    const { connect, publish } = bound(await start({ HEARTBEAT_MS: 200 }))
    const dead = await connect('en', { autoPong: false })
    await eventually('it is found out', 10_000, async () => {
      await publish('en', 1)
      return dead.waiting.some(({ type }) => type === 'bye')
    })
    expect(await dead.closed).toEqual({ code: 4410, reason: 'idle' })
  })

  it('closes a reader that reads nothing with 4408, without a delay for other readers', async () => {
    const running = await start({ SLOW_READER_MS: 400, RESUME_EVENTS: 100_000 })
    const { connect, stream, publish, metric } = bound(running)
    const [slow, slowStream, quick] = [await connect('en'), await stream('en'), await connect('en')]
    slow.pause()
    slowStream.pause()
    const sentAway = eventually('both are sent away', 20_000, async () => {
      return (await metric('sessions_closed_total{reason="slow"}')) === 2
    }).then(() => {
      slow.resume()
      slowStream.resume()
    })
    const last = await running.flood('en', BLOCKING_LINES)
    await follow(quick, last)
    const [line] = await publish('en', 1)
    expect(await quick.take(1)).toEqual([line])

    await sentAway
    // What the system holds for it comes first: some megabytes.
    expect(await slow.untilType('bye', 40_000)).toMatchObject({ reason: 'slow' })
    expect(await slow.closed).toEqual({ code: 4408, reason: 'slow' })
    await slowStream.ended
    await eventually('only the quick one is left', 10_000, async () => {
      const sessions = [await metric('sessions{transport="ws"}'), await metric('sessions{transport="sse"}')]
      return (await metric('sessions_blocked')) === 0 && sessions.join() === '1,0'
    })
    // Its events so far have no gap, so it can resume after them.
    const position = seqOf(slow.position)
    await slow.connect(slow.position)
    expect((await slow.take(1)).map((event) => seqOf(event.position))).toEqual([position + 1])
  })

  it('continues at the cursor of a reader that was slow for a moment', async () => {
    const running = await start({ RESUME_EVENTS: 100_000 })
    const { connect, metric } = bound(running)
    const slow = await connect('en')
    await slow.untilType('reset')
    slow.pause()
    const last = await running.flood('en', BLOCKING_LINES)
    await eventually('it is blocked', 10_000, async () => (await metric('sessions_blocked')) === 1)
    slow.resume()
    const seqs = (await slow.take(last, 20_000)).map(({ position }) => seqOf(position))
    expect(seqs).toEqual(Array.from({ length: last }, (_, index) => index + 1))
    expect(await metric('sessions_blocked')).toBe(0)
  })

  it('sends the current strip to a reader that was slow for too many events', async () => {
    const running = await start({ RESUME_EVENTS: 50 })
    const { connect, metric } = bound(running)
    const slow = await connect('en')
    await slow.untilType('reset')
    slow.pause()
    const last = await running.flood('en', BLOCKING_LINES * 2)
    await eventually('it is blocked', 10_000, async () => (await metric('sessions_blocked')) === 1)
    slow.resume()
    const reasons = await follow(slow, last)
    expect(reasons).toContain('lagging')
  })
})

/** Reads up to a seq. Returns the reasons of the resets. Errors: an event that does not follow the one before. */
async function follow(reader: WsReader, last: number): Promise<string[]> {
  const reasons: string[] = []
  for (let seq = -1; seq < last;) {
    const frame = await reader.next(10_000)
    if (frame.type === 'reset') {
      reasons.push(frame.reason)
      seq = seqOf(frame.position)
    } else if (frame.type === 'event') {
      if (seq >= 0) expect(seqOf(frame.position)).toBe(seq + 1)
      seq = seqOf(frame.position)
    }
  }
  return reasons
}
