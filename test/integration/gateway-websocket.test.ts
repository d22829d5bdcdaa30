import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fold, inOrder, stripOf } from '../../src/protocol/fold.ts'
import { startSystem, type System } from '../support/system.ts'

const FOREIGN = 'zzzzzzzz:1'

let system: System
beforeAll(async () => {
  system = await startSystem({ RESUME_EVENTS: 1_000 })
})
afterAll(() => system.close())

describe('a reader on a WebSocket', () => {
  it('gets hello, the whole strip, and then every event in order', async () => {
    const [shown] = await system.publish('en', ['Shown before'])
    const reader = await system.connect('en')
    const hello = await reader.untilType('hello')
    expect(hello).toMatchObject({ protocol: 1, feed: { id: 'en', lang: 'en', dir: 'ltr' } })
    const reset = await reader.untilType('reset')
    expect(reset).toMatchObject({ reason: 'start', position: hello.position })
    expect(reset.strip).toContainEqual(shown?.headline)

    const events = await system.publish('en', 5)
    expect(await reader.take(5)).toEqual(events)
    expect(reader.position.split(':').slice(0, 2).join(':')).toBe(events.at(-1)?.position)
  })

  it('gets exactly the missed events when it resumes', async () => {
    const reader = await system.connect('en')
    const [first] = await system.publish('en', 1)
    await reader.received(first)
    reader.drop()
    const missed = await system.publish('en', 3)
    await reader.returnAfter()

    expect(await reader.next()).toMatchObject({ type: 'hello', position: missed[2]?.position })
    expect([await reader.next(), await reader.next(), await reader.next()]).toEqual(missed)
    const [next] = await system.publish('en', 1)
    expect(await reader.next()).toEqual(next)
  })

  it('gets only hello when it has missed no event', async () => {
    const [last] = await system.publish('en', 1)
    const reader = await system.connect('en', { after: last?.position ?? '' })
    const [next] = await system.publish('en', 1)
    expect(await reader.untilType('hello')).toBeDefined()
    expect(await reader.next()).toEqual(next)
  })

  it('with a position of another epoch gets a reset with that reason', async () => {
    const reader = await system.connect('en', { after: FOREIGN })
    expect(await reader.untilType('reset')).toMatchObject({ reason: 'epoch' })
  })

  it('with a future position gets a reset with that reason', async () => {
    const [last] = await system.publish('en', 1)
    const [epoch, seq] = (last?.position ?? '').split(':')
    const reader = await system.connect('en', { after: `${epoch}:${Number(seq) + 100}` })
    expect(await reader.untilType('reset')).toMatchObject({ reason: 'range', position: last?.position })
  })

  it('gets a correction with the place of its headline', async () => {
    const reader = await system.connect('en')
    const reset = await reader.untilType('reset')
    const [older, newer] = await system.publish('en', ['Older', 'Newer'])
    const corrected = await system.correct('en', older!.headline, 'Older, corrected')
    const events = await reader.take(3)
    expect(events).toEqual([older, newer, corrected])

    const lines = inOrder(events.reduce(fold, stripOf(reset.strip)))
    expect(lines.slice(0, 2).map(({ text }) => text)).toEqual(['Newer', 'Older, corrected'])
    expect((await system.snapshot('en')).body.strip).toEqual(lines)
  })

  it('with an invalid position is refused before the upgrade', async () => {
    await expect(system.connect('en', { after: 'yesterday' })).rejects.toMatchObject({
      status: 400,
      body: expect.stringContaining('invalid-position'),
    })
  })

  it('gets 426 without an upgrade', async () => {
    const answer = await system.get<{ code: string }>('/v1/feeds/en/live')
    expect(answer).toMatchObject({ status: 426, body: { code: 'upgrade-required' } })
    expect(answer.headers.get('upgrade')).toBe('websocket')
  })
})
