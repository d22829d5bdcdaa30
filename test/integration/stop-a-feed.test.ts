import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventOf, readAfter } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { newId, publish, save } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { feedWith, staffOf, type Person, type Staff } from '../support/newsroom.ts'

const HOUR = 3_600_000

let api: TestApi
let staff: Staff
beforeAll(async () => {
  api = await startApi()
  staff = await staffOf(api)
})
afterAll(() => api.close())

let feeds = 0
async function freshFeed(): Promise<string> {
  const id = `stop-${++feeds}`
  await feedWith(api, id)
  return id
}

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
const eventsIn = async (feed: string) => (await readAfter(api.store, feed, 0, 10_000)).map(eventOf)
const opsIn = async (feed: string) => (await eventsIn(feed)).map(({ op }) => op)

async function isPast(time: string): Promise<void> {
  await eventually('a later moment', 20_000, () => Promise.resolve(Date.now() > Date.parse(time)))
}

async function lineIn(feed: string, text: string, by = staff.bob): Promise<string> {
  return (await by.write({ text }, { feed })).body.headline.id
}

describe('a frozen feed', () => {
  const freeze = (by: Person, feed: string) =>
    by.send('POST', `/v1/feeds/${feed}/freeze`, { reason: 'Something is wrong' })
  const thaw = (by: Person, feed: string) => by.send('POST', `/v1/feeds/${feed}/thaw`, {})

  it('accepts only hold, withdraw, undo, discard and drafts, and all acts after it is thawed', async () => {
    const feed = await freshFeed()
    const [one, two] = [await lineIn(feed, 'One'), await lineIn(feed, 'Two')]
    const shows = await lineIn(feed, 'Three')
    await staff.bob.act(shows, 'correct', 1, { text: 'Four' }, { feed })
    const { body: later } = await staff.bob.write({ text: 'Later', releaseAt: inMs(HOUR) }, { feed })
    const { body: draft } = await staff.ann.write({ text: 'Draft', then: 'keep' }, { feed })
    const { body: submitted } = await staff.ann.write({ text: 'Submitted', then: 'submit' }, { feed })
    const { body: soon } = await staff.bob.write({ text: 'Soon', releaseAt: inMs(300) }, { feed })

    const frozen = await freeze(staff.dan, feed)
    expect(frozen.body).toMatchObject({ frozen: { name: 'Dan', reason: 'Something is wrong' }, keys: [] })

    const refused = [
      await staff.bob.write({ text: 'x' }, { feed }),
      await staff.bob.act(one, 'correct', 1, { text: 'x' }, { feed }),
      await staff.bob.act(one, 'expire', 1, {}, { feed }),
      await staff.bob.act(one, 'pin', 1, {}, { feed }),
      await staff.bob.act(later.headline.id, 'save', 1, { text: 'x' }, { feed }),
      await staff.bob.act(later.headline.id, 'schedule', 1, { releaseAt: inMs(HOUR) }, { feed }),
      await staff.ann.act(draft.headline.id, 'submit', 1, {}, { feed }),
      await staff.bob.act(draft.headline.id, 'release', 1, {}, { feed }),
      await staff.bob.act(submitted.headline.id, 'approve', 1, {}, { feed }),
    ]
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      refused.map(() => [409, 'feed-frozen']),
    )
    expect((await staff.ann.act(one, 'hold', undefined, {}, { feed })).body.position).not.toBeNull()
    expect((await staff.ann.act(two, 'withdraw', undefined, {}, { feed })).body.position).not.toBeNull()
    expect((await staff.bob.act(later.headline.id, 'undo', 1, {}, { feed })).status).toBe(200)
    expect((await staff.ann.act(draft.headline.id, 'save', 1, { text: 'Better' }, { feed })).status).toBe(200)
    expect((await staff.ann.write({ text: 'Another', then: 'keep' }, { feed })).status).toBe(201)
    const restored = await staff.ann.act(draft.headline.id, 'restore', 2, { version: 1 }, { feed })
    expect(restored.body.headline.status).toBe('draft')
    expect((await staff.ann.act(draft.headline.id, 'discard', 3, {}, { feed })).status).toBe(200)
    // To restore the words of a headline that shows would change them.
    expect((await staff.bob.act(shows, 'restore', 2, { version: 1 }, { feed })).body.code).toBe('feed-frozen')

    await isPast(soon.releaseAt)
    await releaseDue(api.store, feed)
    const before = ['publish', 'publish', 'publish', 'correct']
    expect(await opsIn(feed)).toEqual([...before, 'hold', 'withdraw'])
    expect((await staff.bob.read(soon.headline.id, feed)).body.status).toBe('needs-decision')

    expect((await thaw(staff.dan, feed)).body).toMatchObject({ frozen: null })
    await releaseDue(api.store, feed)
    expect(await opsIn(feed)).toHaveLength(6)
    expect((await staff.bob.write({ text: 'On air again' }, { feed })).status).toBe(201)
  })

  it('puts a headline whose time came in the freeze to a decision, and keeps a later time', async () => {
    const feed = await freshFeed()
    const [during, after] = [
      (await staff.bob.write({ text: 'During', releaseAt: inMs(300) }, { feed })).body,
      (await staff.bob.write({ text: 'After', releaseAt: inMs(1_500) }, { feed })).body,
    ]
    await freeze(staff.dan, feed)
    await isPast(during.releaseAt)
    // No worker runs before the thaw.
    await thaw(staff.dan, feed)
    await releaseDue(api.store, feed)

    expect((await staff.bob.read(during.headline.id, feed)).body.status).toBe('needs-decision')
    expect((await staff.bob.read(after.headline.id, feed)).body).toMatchObject({
      status: 'due',
      releaseAt: after.releaseAt,
    })
    const { body } = await staff.eve.get(`/v1/feeds/${feed}/audit`)
    expect(body.entries.at(-1)).toMatchObject({
      action: 'needs-decision',
      headline: during.headline.id,
      detail: { why: 'feed-frozen' },
    })
    await isPast(after.releaseAt)
    await releaseDue(api.store, feed)
    expect((await eventsIn(feed)).map(({ headline }) => headline.id)).toEqual([after.headline.id])

    const { body: decided } = await staff.cat.act(during.headline.id, 'release', 1, {}, { feed })
    expect(decided.headline.status).toBe('live')
  })

  it('is frozen once, and thawed once', async () => {
    const feed = await freshFeed()
    await freeze(staff.dan, feed)
    const again = await freeze(staff.deb, feed)
    expect(again.body).toMatchObject({ frozen: { name: 'Dan' } })
    expect([(await thaw(staff.deb, feed)).status, (await thaw(staff.deb, feed)).status]).toEqual([200, 200])

    const { body } = await staff.eve.get(`/v1/feeds/${feed}/audit`)
    expect(body.entries.map(({ action }) => action)).toEqual(['freeze', 'thaw'])
  })

  it('is visible to the newsroom, and frozen only by chiefs', async () => {
    const feed = await freshFeed()

    expect((await staff.rob.get(`/v1/feeds/${feed}/freeze`)).body).toEqual({ frozen: null, keys: [] })
    expect((await freeze(staff.bob, feed)).body.code).toBe('forbidden')
    expect((await thaw(staff.bob, feed)).body.code).toBe('forbidden')
    expect((await staff.dan.send('POST', `/v1/feeds/${feed}/freeze`, {})).body.code).toBe('invalid-body')
    expect((await freeze(staff.dan, 'none')).body.code).toBe('no-such-feed')
  })
})

describe('withdrawing all headlines that a feed has released since a time', () => {
  const retract = (by: Person, feed: string, body: object) =>
    by.send('POST', `/v1/feeds/${feed}/retract`, { reason: 'Hoax', ...body })

  it('lists the headlines first, and then withdraws them', async () => {
    const feed = await freshFeed()
    const before = await lineIn(feed, 'Before')
    const [published] = await eventsIn(feed)
    const since = new Date(Date.parse(published?.at ?? '') + 1).toISOString()
    await isPast(since)
    const [live, held, gone] = [
      await lineIn(feed, 'Live'),
      await lineIn(feed, 'Held'),
      await lineIn(feed, 'Gone'),
    ]
    await staff.ann.act(held, 'hold', undefined, {}, { feed })
    await staff.ann.act(gone, 'withdraw', undefined, {}, { feed })
    const releaseAt = inMs(HOUR)
    const { body: waiting } = await staff.bob.write({ text: 'Waits', releaseAt }, { feed })

    const listed = await retract(staff.dan, feed, { since, dryRun: true })
    expect(listed.body).toMatchObject({
      lines: [
        { id: waiting.headline.id, status: 'due', text: 'Waits', outcome: 'would-need-decision', releaseAt },
        { id: held, status: 'held', text: 'Held', outcome: 'would-withdraw' },
        { id: live, status: 'live', text: 'Live', outcome: 'would-withdraw' },
      ],
      more: false,
    })
    expect((await staff.rob.read(live, feed)).body.status).toBe('live')
    expect((await staff.rob.read(waiting.headline.id, feed)).body.status).toBe('due')

    const done = await retract(staff.dan, feed, { since, note: 'These lines were false.' })
    expect(done.body.lines).toMatchObject([
      { id: waiting.headline.id, status: 'needs-decision', outcome: 'needs-decision', releaseAt },
      { id: held, status: 'withdrawn', outcome: 'withdrawn' },
      { id: live, status: 'withdrawn', outcome: 'withdrawn' },
    ])
    expect((await staff.rob.read(before, feed)).body.status).toBe('live')
    expect((await staff.rob.read(waiting.headline.id, feed)).body).toMatchObject({
      status: 'needs-decision',
      attention: { action: 'needs-decision', why: 'retracted' },
    })
    const withdrawn = (await eventsIn(feed)).filter(({ op }) => op === 'withdraw')
    expect(withdrawn.at(-1)?.headline).toMatchObject({ note: 'These lines were false.' })
    const { body } = await staff.eve.get(`/v1/feeds/${feed}/audit?limit=200`)
    const acts = body.entries.filter(({ action, headline }) => action === 'withdraw' && headline !== gone)
    expect(acts).toMatchObject([held, live].map(() => ({ act: { person: staff.dan.id, reason: 'Hoax' } })))
    expect((await retract(staff.dan, feed, { since })).body.lines).toEqual([])
  })

  it('includes headlines that were published again since then', async () => {
    const feed = await freshFeed()
    const id = await lineIn(feed, 'Out again')
    await staff.bob.act(id, 'expire', 1, {}, { feed })
    const since = inMs(1)
    await isPast(since)
    await staff.bob.act(id, 'restore', 2, { version: 1 }, { feed })
    expect((await staff.bob.act(id, 'release', 3, {}, { feed })).body.headline.status).toBe('live')

    const { body } = await retract(staff.dan, feed, { since })
    expect(body.lines).toMatchObject([{ id, outcome: 'withdrawn' }])
  })

  it('can be limited to the headlines that one key wrote or released', async () => {
    const feed = await freshFeed()
    const since = inMs(-HOUR)
    const [mine, corrected, unrelated] = [
      await lineIn(feed, 'By Cat', staff.cat),
      await lineIn(feed, 'Corrected by Cat'),
      await lineIn(feed, 'By Bob'),
    ]
    await staff.cat.act(corrected, 'correct', 1, { text: 'Spoilt by Cat' }, { feed })
    await staff.cat.act(unrelated, 'pin', 1, {}, { feed })

    const { body } = await retract(staff.dan, feed, { since, key: staff.cat.keyId })

    expect(body.lines.map(({ id }) => id).sort()).toEqual([mine, corrected].sort())
    expect((await staff.rob.read(unrelated, feed)).body.status).toBe('live')
  })

  it('stops what a key has accepted since then and waits, also what was out before, and nothing else', async () => {
    const feed = await freshFeed()
    const later = { releaseAt: inMs(HOUR) }
    const idOf = async (by: Person, line: object) => (await by.write(line, { feed })).body.headline.id
    const old = await idOf(staff.cat, { text: 'Before', ...later })
    const again = await lineIn(feed, 'Out once')
    await staff.bob.act(again, 'expire', 1, {}, { feed })
    await staff.bob.act(again, 'restore', 2, { version: 1 }, { feed })
    const since = inMs(1)
    await isPast(since)
    await staff.cat.act(again, 'schedule', 3, later, { feed })
    const [mine, other] = [
      await idOf(staff.cat, { text: 'Mine', ...later }),
      await idOf(staff.bob, { text: 'Other', ...later }),
    ]
    const draft = await idOf(staff.cat, { text: 'Draft', then: 'keep' })

    const { body } = await retract(staff.dan, feed, { since, key: staff.cat.keyId })

    expect(body.lines.map(({ id, outcome }) => [id, outcome])).toEqual([
      [mine, 'needs-decision'],
      [again, 'needs-decision'],
    ])
    const statusOf = async (id: string) => (await staff.rob.read(id, feed)).body.status
    expect(await Promise.all([old, other, draft].map(statusOf))).toEqual(['due', 'due', 'draft'])
    expect((await retract(staff.dan, feed, { since, key: staff.cat.keyId })).body.lines).toEqual([])
  })

  it('works in a frozen feed, and with more headlines than one request withdraws', async () => {
    const feed = await freshFeed()
    const since = inMs(-HOUR)
    const lines = 510
    await Promise.all(
      Array.from({ length: lines }, (_, n) => save(api.store, publish(newId(), `Line ${n}`, { feed }))),
    )
    await releaseDue(api.store, feed)
    const waits = { text: 'Waits', releaseAt: inMs(HOUR) }
    const waiting = (await staff.bob.write(waits, { feed })).body.headline.id
    await staff.dan.send('POST', `/v1/feeds/${feed}/freeze`, { reason: 'Hoax' })

    const first = await retract(staff.dan, feed, { since })
    const second = await retract(staff.dan, feed, { since })

    expect([first.body.lines.length, first.body.more]).toEqual([500, true])
    expect(first.body.lines[0]).toMatchObject({ id: waiting, outcome: 'needs-decision' })
    expect([second.body.lines.length, second.body.more]).toEqual([lines - 499, false])
    expect((await opsIn(feed)).filter((op) => op === 'withdraw')).toHaveLength(lines)
  })

  it.each([
    ['an editor', 'forbidden', () => ({ since: inMs(-HOUR) })],
    ['without a reason', 'invalid-body', () => ({ since: inMs(-HOUR), reason: undefined })],
    ['without a time', 'invalid-body', () => ({})],
  ])('is not for, or %s', async (who, code, body) => {
    const feed = await freshFeed()
    const reply = await retract(who === 'an editor' ? staff.bob : staff.dan, feed, body())

    expect(reply.body.code).toBe(code)
  })
})
