import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { EventFrame } from '../../src/protocol/frames.ts'
import type { LiveHeadline } from '../../src/protocol/headline.ts'
import { policySchema } from '../../src/protocol/policy.ts'
import { eventually } from '../support/eventually.ts'
import { openPolicy } from '../support/redis.ts'
import { startSystem, type System } from '../support/system.ts'

const MINUTE_MS = 60_000
const usual = policySchema.parse({}).breakingMs

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

let feeds = 0
async function freshFeed(breakingMs: object = {}): Promise<string> {
  const id = `labels-${++feeds}`
  const policy = { ...openPolicy, breakingMs: { ...usual, ...breakingMs } }
  await system.createFeed({ id, lang: 'en', policy })
  await system.serves(id)
  return id
}

async function publish(feed: string, urgency: string, extra: object = {}): Promise<EventFrame> {
  const [event] = await system.publish(feed, [{ text: `A ${urgency} line`, urgency, ...extra }])
  return event!
}

const lineOf = ({ headline }: EventFrame) => headline as LiveHeadline
/** How long after an event the headline in it is called breaking. */
const breakingMs = (event: EventFrame) => Date.parse(lineOf(event).breakingUntil ?? '') - Date.parse(event.at)

describe('a released headline', () => {
  it.each(['flash', 'bulletin', 'urgent'] as const)(
    'is called breaking as long as the policy says: %s',
    async (urgency) => {
      const feed = await freshFeed({ bulletin: 7 * MINUTE_MS })
      const expected = { ...usual, bulletin: 7 * MINUTE_MS }
      expect(breakingMs(await publish(feed, urgency))).toBe(expected[urgency])
    },
  )

  it('of the urgency `routine` is never called breaking', async () => {
    const feed = await freshFeed()
    expect(lineOf(await publish(feed, 'routine'))).not.toHaveProperty('breakingUntil')
  })

  it.each([
    ['a feed without a policy', undefined],
    [
      'a policy of a version that knew no labels',
      JSON.stringify({ version: 1, policy: { maxDriftMs: 60_000 } }),
    ],
    ['a policy that cannot be read', '{'],
  ])('has the usual end in %s', async (_, stored) => {
    const feed = await freshFeed()
    const { policy } = system.store.keys.feed(feed)
    // The headline waits, so that only the release meets the stored policy.
    const answer = await act(feed, 'headlines', { text: 'Waits', urgency: 'flash', releaseAt: inMs(1_000) })
    expect(answer.status).toBe(202)
    if (stored === undefined) await system.store.redis.del(policy)
    else await system.store.redis.hset(policy, 'current', stored)
    const events = await eventually('the line is out', 10_000, async () => {
      const found = await system.events(feed)
      return found.length > 0 && found
    })
    expect(breakingMs(events[0]!)).toBe(usual.flash)
  })

  it('keeps the end in every act on its words and its place', async () => {
    const feed = await freshFeed()
    const first = await publish(feed, 'flash')
    let last = first
    for (const next of [
      () => system.correct(feed, last.headline, 'Other words', { note: 'One number was wrong.' }),
      () => system.correct(feed, last.headline, 'Other words again'),
      () => system.correct(feed, last.headline, 'Less pressing', { urgency: 'urgent' }),
      () => system.pin(feed, last.headline),
      () => system.unpin(feed, last.headline),
      () => system.hold(feed, last.headline),
      () => system.resume(feed, last.headline),
    ]) {
      last = await next()
      if (last.headline.status === 'live')
        expect(lineOf(last).breakingUntil).toBe(lineOf(first).breakingUntil)
    }
    expect(last.op).toBe('resume')
  })

  it('has no label while a correction makes it routine, and the first end again afterwards', async () => {
    const feed = await freshFeed()
    const first = await publish(feed, 'flash')
    const routine = await system.correct(feed, first.headline, 'Calm', { urgency: 'routine' })
    expect(lineOf(routine)).not.toHaveProperty('breakingUntil')
    const again = await system.correct(feed, routine.headline, 'Not calm', { urgency: 'flash' })
    expect(lineOf(again).breakingUntil).toBe(lineOf(first).breakingUntil)
  })

  it('is called breaking from the correction on that makes a routine one a flash', async () => {
    const feed = await freshFeed()
    const first = await publish(feed, 'routine')
    const flash = await system.correct(feed, first.headline, 'Now a flash', { urgency: 'flash' })
    expect(breakingMs(flash)).toBe(usual.flash)
  })

  it('begins anew when an expired one is published again', async () => {
    const feed = await freshFeed()
    const first = await publish(feed, 'flash')
    const ended = await system.expire(feed, first.headline)
    const path = `headlines/${first.headline.id}`
    await act(feed, `${path}/restore`, { version: 1 }, ended.headline.version)
    const { body } = await act(feed, `${path}/release`, {}, ended.headline.version + 1)
    const released = (await system.events(feed)).at(-1)!
    expect([body.position, released.op]).toEqual([released.position, 'publish'])
    expect(breakingMs(released)).toBe(usual.flash)
  })
})

describe('an editor', () => {
  it('calls a headline breaking for another while: an event with the new end, and the same words', async () => {
    const feed = await freshFeed({ flash: 1_000 })
    const first = await publish(feed, 'flash')
    const longer = await system.label(feed, first.headline, { forMs: 5 * MINUTE_MS })
    expect(longer.op).toBe('correct')
    expect(breakingMs(longer)).toBe(5 * MINUTE_MS)
    const { text, urgency, place, publishedAt } = lineOf(first)
    expect(longer.headline).toMatchObject({ text, urgency, place, publishedAt, version: 2 })
    expect(longer.headline).not.toHaveProperty('corrected')
    expect(longer.headline).not.toHaveProperty('refiled')
  })

  it('need not say for how long: the policy says it, and else the usual time counts', async () => {
    const feed = await freshFeed({ flash: 2 * MINUTE_MS, urgent: 0 })
    const flash = await publish(feed, 'flash')
    expect(breakingMs(await system.label(feed, flash.headline))).toBe(2 * MINUTE_MS)
    const urgent = await publish(feed, 'urgent')
    expect(breakingMs(urgent)).toBe(0)
    expect(breakingMs(await system.label(feed, urgent.headline))).toBe(usual.urgent)
  })

  it('never makes the time shorter by calling it breaking again', async () => {
    const feed = await freshFeed()
    const first = await publish(feed, 'flash')
    const again = await system.label(feed, first.headline, { forMs: MINUTE_MS })
    expect(lineOf(again).breakingUntil).toBe(lineOf(first).breakingUntil)
  })

  it('ends the label now, once, whatever follows', async () => {
    const feed = await freshFeed()
    const first = await publish(feed, 'flash')
    const ended = await system.unlabel(feed, first.headline)
    expect(breakingMs(ended)).toBe(0)
    const again = await system.unlabel(feed, ended.headline)
    expect(lineOf(again).breakingUntil).toBe(lineOf(ended).breakingUntil)
    const corrected = await system.correct(feed, again.headline, 'Other words')
    expect(lineOf(corrected).breakingUntil).toBe(lineOf(ended).breakingUntil)
  })

  it('reads the end in the headline, and the acts in the audit', async () => {
    const feed = await freshFeed()
    const first = await publish(feed, 'flash')
    const labelled = await system.label(feed, first.headline, { forMs: 2 * 3_600_000, reason: 'It goes on' })
    const ended = await system.unlabel(feed, labelled.headline)
    const { body } = await read(`/v1/feeds/${feed}/headlines/${first.headline.id}`)
    expect(body).toMatchObject({ breakingUntil: lineOf(ended).breakingUntil })
    const audit = (await read(`/v1/feeds/${feed}/audit`)).body as { entries: { action: string }[] }
    const acts = audit.entries.filter(({ action }) => action === 'label' || action === 'unlabel')
    expect(acts).toMatchObject([{ action: 'label', act: { reason: 'It goes on' } }, { action: 'unlabel' }])
  })

  it.each(['label', 'unlabel'])(
    'cannot %s a routine headline, one that is held, or a frozen feed',
    async (action) => {
      const feed = await freshFeed()
      const routine = await publish(feed, 'routine')
      const path = ({ headline }: EventFrame) => `headlines/${headline.id}/${action}`
      expect((await act(feed, path(routine), {}, 1)).body.code).toBe('illegal-action')
      const held = await system.hold(feed, (await publish(feed, 'flash')).headline)
      expect((await act(feed, path(held), {}, held.headline.version)).body.code).toBe('illegal-action')
      const flash = await publish(feed, 'flash', { text: 'Another flash' })
      await act(feed, 'freeze', { reason: 'Test' })
      expect((await act(feed, path(flash), {}, 1)).body.code).toBe('feed-frozen')
    },
  )

  it.each([{ forMs: 59_999 }, { forMs: 86_400_001 }, { forMs: '60000' }, { until: inMs(MINUTE_MS) }])(
    'cannot ask for %j',
    async (body) => {
      const feed = await freshFeed()
      const { headline } = await publish(feed, 'flash')
      expect((await act(feed, `headlines/${headline.id}/label`, body, 1)).body.code).toBe('invalid-body')
    },
  )
})

describe('documents, when a label ends without an event', () => {
  it.each(['/v1/feeds/{feed}/strip.html', '/embed/{feed}', '/'])(
    '%s shows the ordinary look, with another ETag',
    async (path) => {
      const feed = await freshFeed({ flash: 3_000 })
      await publish(feed, 'flash', { text: `The flash of ${feed}` })
      const get = async (headers: Record<string, string> = {}) => {
        const answer = await fetch(system.url + path.replace('{feed}', feed), { headers })
        const html = await answer.text()
        const found = new RegExp(
          `<li class="([^"]+)" data-urgency="([^"]+)">(?:(?!</li>)[^])*The flash of ${feed}<`,
        ).exec(html)
        return {
          status: answer.status,
          etag: answer.headers.get('etag') ?? '',
          look: found?.slice(1, 3),
          html: found?.[0],
        }
      }
      const before = await eventually('the line shows', 10_000, async () => {
        const found = await get()
        return found.look && found
      })
      expect(before.look).toEqual(['flashline-line flashline-flash', 'flash'])
      expect(before.html).toContain('>Flash</span>')
      const { position } = (await system.snapshot(feed)).body

      const after = await eventually('the label is over', 15_000, async () => {
        const found = await get({ 'If-None-Match': before.etag })
        return found.look?.[1] === 'routine' && found
      })
      expect(after.look).toEqual(['flashline-line flashline-routine', 'routine'])
      expect(after.html).not.toContain('>Flash</span>')
      expect(after.etag).not.toBe(before.etag)
      expect((await get({ 'If-None-Match': after.etag })).status).toBe(304)

      // No event has followed, and urgency and filters are what they were.
      const filtered = await read(`/v1/feeds/${feed}?urgency=flash`)
      expect(filtered.body).toMatchObject({ position, strip: [{ urgency: 'flash' }] })
    },
  )

  it('a page without a script is loaded again when the label ends', async () => {
    const feed = await freshFeed({ flash: 20_000 })
    await publish(feed, 'flash')
    const seconds = await eventually('the frame has the line', 10_000, async () => {
      const html = await (await fetch(`${system.url}/embed/${feed}`)).text()
      return html.includes('A flash line') && Number(/http-equiv="refresh" content="(\d+)"/.exec(html)?.[1])
    })
    expect(seconds).toBeLessThanOrEqual(20)
    expect(seconds).toBeGreaterThan(0)
  })
})

it('a long poll has the time of the server, by which labels end', async () => {
  const before = Date.now()
  const { body } = await system.page('en')
  expect(Date.parse(body.serverTime ?? '')).toBeGreaterThanOrEqual(before - 1_000)
  expect(Date.parse(body.serverTime ?? '')).toBeLessThanOrEqual(Date.now() + 1_000)
})

function inMs(ms: number): string {
  return new Date(Date.now() + ms).toISOString()
}

async function act(feed: string, path: string, body: object, version?: number) {
  const answer = await fetch(`${system.url}/v1/feeds/${feed}/${path}`, {
    method: 'POST',
    headers: { ...system.authorization, ...(version !== undefined && { 'If-Match': `"${version}"` }) },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as { code?: string; position?: string } }
}

function read(path: string) {
  return system.get<object>(path, system.authorization)
}
