import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'
import { cursorOf } from '../../src/protocol/reader-frames.ts'

const FOREIGN = 'zzzzzzzz:1'
/** Every page has the server's time, by which labels end. */
const page = { serverTime: expect.stringMatching(/^\d{4}-.*Z$/) }

let system: System
beforeAll(async () => {
  system = await startSystem({ RESUME_EVENTS: 1_000 })
  await system.createFeed({ id: 'quiet', lang: 'en' })
  await system.serves('quiet')
})
afterAll(() => system.close())

/** The answer, if it comes before that of a page that has waited in vain for three seconds. */
async function promptly<T>(answer: Promise<T>): Promise<T> {
  const { position } = (await system.snapshot('quiet')).body
  const inVain = system.page('quiet', { after: position, wait: 3 }).then(() => undefined)
  const first = await Promise.race([answer, inVain])
  if (first === undefined) throw new Error('it waits, although there is something to tell')
  return first
}

describe('a reader of pages', () => {
  it('pages through the events that it missed and is told whether there are more', async () => {
    const [first, ...rest] = await system.publish('en', 6)
    const one = await system.page('en', { after: first!.position, limit: 2 })
    expect(one.body).toEqual({ ...cursorOf(rest[1]!), ...page, events: rest.slice(0, 2), more: true })
    const two = await system.page('en', { after: one.body.position, limit: 2 })
    expect(two.body).toEqual({ ...cursorOf(rest[3]!), ...page, events: rest.slice(2, 4), more: true })
    const three = await system.page('en', { after: two.body.position, limit: 2 })
    expect(three.body).toEqual({ ...cursorOf(rest[4]!), ...page, events: rest.slice(4), more: false })
  })

  it('may cache a full page for a second, and no other page', async () => {
    const [first] = await system.publish('en', 3)
    const full = await system.page('en', { after: first!.position, limit: 2 })
    expect(full.headers.get('cache-control')).toBe('public, max-age=1')
    const open = await system.page('en', { after: first!.position, limit: 3 })
    expect(open.headers.get('cache-control')).toBe('no-store')
    expect(open.headers.get('vary')).toMatch(/Accept/)
  })

  it('waits for the next event', async () => {
    const [last] = await system.publish('en', 1)
    const waiting = system.page('en', { after: last!.position, wait: 20 })
    const other = await system.connect('en', { after: last!.position })
    const [next] = await system.publish('en', 1)
    await other.received(next)
    expect((await promptly(waiting)).body).toEqual({
      ...cursorOf(next!),
      ...page,
      events: [next],
      more: false,
    })
  })

  it('gets an empty page at the end of its wait, with the position to continue from', async () => {
    const [last] = await system.publish('en', 1)
    const { status, body } = await system.page('en', { after: last!.position, wait: 0.05 })
    expect(status).toBe(200)
    expect(body).toEqual({ ...cursorOf(last!), ...page, events: [], more: false })
  })

  it('does not wait if there are events', async () => {
    const [first, second] = await system.publish('en', 2)
    const { body } = await promptly(system.page('en', { after: first!.position, wait: 25 }))
    expect(body.events).toEqual([second])
  })

  it('with a filter keeps its cursor moving while other headlines are released', async () => {
    const running = await startSystem({ RESUME_EVENTS: 3 })
    try {
      const [first] = await running.publish('en', 1)
      const waiting = running.page('en', { after: first!.position, section: 'city', wait: 20 })
      for (let more = 0; more < 6; more++) {
        const [other] = await running.publish('en', [{ text: 'Elsewhere', section: 'world' }])
        await eventually('it is out', 20_000, async () => {
          return (await running.snapshot('en')).body.position === other?.position
        })
      }
      const [line] = await running.publish('en', [{ text: 'Here', section: 'city' }])
      expect((await promptly(waiting)).body).toEqual({
        ...cursorOf(line!),
        ...page,
        events: [line],
        more: false,
      })
    } finally {
      await running.close()
    }
  })

  it('waits as long as requested when the clock is set back', async () => {
    const [last] = await system.publish('en', 1)
    const waiting = system.page('en', { after: last!.position, wait: 1 })
    // This request is later, so its answer shows that the page has begun to wait.
    await system.snapshot('en')
    const { now } = Date
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000)
    try {
      expect(await Promise.race([waiting, pause(60_000)])).toMatchObject({
        body: { events: [], more: false },
      })
    } finally {
      clock.mockRestore()
    }
  })

  it('begins with a reset, and gets one at once for a position of another epoch', async () => {
    const { body: snapshot } = await system.snapshot('en')
    const start = await system.page('en')
    expect(start.body).toEqual({
      ...cursorOf(snapshot),
      ...page,
      reset: { type: 'reset', reason: 'start', ...cursorOf(snapshot), strip: snapshot.strip },
      events: [],
      more: false,
      feed: snapshot.feed,
    })
    const foreign = await promptly(system.page('en', { after: FOREIGN, wait: 25 }))
    expect(foreign.body.reset?.reason).toBe('epoch')
    expect(foreign.headers.get('cache-control')).toBe('no-store')
  })

  it.each([{ after: 'x' }, { after: '' }, { after: 'abcdefgh:01' }, { after: 'abcdefgh:-1' }])(
    'gets 400 for %j, which is no position',
    async (query) => {
      expect(await system.page('en', query)).toMatchObject({
        status: 400,
        body: { code: 'invalid-position' },
      })
    },
  )

  it.each([{ limit: 0 }, { limit: 501 }, { limit: 'many' }, { wait: 26 }, { wait: -1 }])(
    'gets 400 for %j, which is out of bounds',
    async (query) => {
      const { status, body } = await system.page('en', query)
      expect({ status, code: body.code }).toEqual({
        status: 400,
        code: expect.stringMatching(/^(invalid-query|malformed-request)$/),
      })
    },
  )
})

describe('a reader of snapshots', () => {
  it('gets 304 until the feed changes', async () => {
    const [line] = await system.publish('en', ['In the snapshot'])
    const first = await system.snapshot('en')
    expect(first.body.position).toBe(line?.position)
    expect(first.body.strip[0]).toEqual(line?.headline)
    expect(first.headers.get('cache-control')).toBe('no-cache')
    const etag = first.headers.get('etag') ?? ''
    expect((await system.snapshot('en', { 'If-None-Match': etag })).status).toBe(304)

    const [next] = await system.publish('en', 1)
    const second = await system.snapshot('en', { 'If-None-Match': etag })
    expect(second).toMatchObject({ status: 200, body: { position: next?.position } })
    expect(second.headers.get('etag')).not.toBe(etag)
  })

  it('gets 404 for an unknown feed', async () => {
    expect(await system.snapshot('none')).toMatchObject({ status: 404, body: { code: 'no-such-feed' } })
    await expect(system.connect('none')).rejects.toMatchObject({ status: 404 })
  })
})
