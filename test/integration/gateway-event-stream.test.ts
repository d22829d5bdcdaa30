import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Frame } from '../../src/protocol/frames.ts'
import { startSystem, type System } from '../support/system.ts'

const FOREIGN = 'zzzzzzzz:1'
const types = (frames: readonly Frame[]) => frames.map(({ type }) => type)

let system: System
beforeAll(async () => {
  system = await startSystem({ RESUME_EVENTS: 1_000 })
})
afterAll(() => system.close())

describe('a reader of server-sent events', () => {
  it('gets the same frames, each with its position as the id if it has one', async () => {
    const [shown] = await system.publish('en', ['Shown before the stream'])
    const stream = await system.stream('en')
    const reader = await system.connect('en')
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    })
    const events = await system.publish('en', 3)

    const seen = [await stream.next(), await stream.next(), ...(await stream.take(3))]
    expect(types(seen)).toEqual(['hello', 'reset', 'event', 'event', 'event'])
    expect(seen[1]).toMatchObject({ reason: 'start', position: shown?.position })
    expect(seen.slice(2)).toEqual(events)
    expect(await reader.take(3)).toEqual(events)
    expect(stream.ids.slice(0, 5)).toEqual([
      undefined,
      shown?.position,
      ...events.map(({ position }) => position),
    ])
  })

  it('resumes from Last-Event-ID', async () => {
    const [first, ...missed] = await system.publish('en', 4)
    const stream = await system.stream('en', { headers: { 'Last-Event-ID': first?.position ?? '' } })
    expect(await stream.untilType('hello')).toBeDefined()
    expect([await stream.next(), await stream.next(), await stream.next()]).toEqual(missed)
    expect(stream.lastEventId).toBe(missed[2]?.position)
  })

  it('resumes from `after` rather than from Last-Event-ID', async () => {
    const [first, second, third] = await system.publish('en', 3)
    const headers = { 'Last-Event-ID': first?.position ?? '' }
    const stream = await system.stream('en', { after: second?.position ?? '', headers })
    expect(await stream.take(1)).toEqual([third])
  })

  it('gets a reset for a position of another epoch', async () => {
    const stream = await system.stream('en', { headers: { 'Last-Event-ID': FOREIGN } })
    expect(await stream.untilType('reset')).toMatchObject({ reason: 'epoch' })
  })

  it('gets 400 for an invalid position', async () => {
    const stream = await system.stream('en', { after: 'en:one' })
    expect(stream.response.statusCode).toBe(400)
    expect(stream.response.headers['content-type']).toMatch('application/problem+json')
  })
})
