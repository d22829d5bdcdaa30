import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventOf, readAfter } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { eventually } from '../support/eventually.ts'
import { feedWith, nobodyAlone, staffOf, type DeskReply, type Staff } from '../support/newsroom.ts'

const HOUR = 3_600_000

let api: TestApi
let staff: Staff
beforeAll(async () => {
  api = await startApi()
  staff = await staffOf(api)
  await feedWith(api, 'strict', { alone: nobodyAlone })
  await feedWith(api, 'slow', { undoMs: { bulletin: 600_000 } })
})
afterAll(() => api.close())

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
const strict = { feed: 'strict' }
const slow = { feed: 'slow' }

async function opsOf(id: string, feed = 'en'): Promise<string[]> {
  const events = (await readAfter(api.store, feed, 0, 10_000)).map(eventOf)
  return events.filter(({ headline }) => headline.id === id).map(({ op }) => op)
}

async function liveHeadline(extra: object = {}, feed = 'en'): Promise<string> {
  const reply = await staff.bob.write({ text: 'Bridge closed', ...extra }, { feed })
  expect(reply.body.headline.status).toBe('live')
  return reply.body.headline.id
}

async function draft(by = staff.ann, feed = 'en'): Promise<string> {
  return (await by.write({ text: 'Bridge closed', then: 'keep' }, { feed })).body.headline.id
}

const statusOf = ({ status, body }: DeskReply) => [status, body.headline.status, body.headline.version]

describe('a new headline', () => {
  it('is kept as a draft, and no event of it is released', async () => {
    const reply = await staff.ann.write({ text: 'Bridge closed', then: 'keep' })

    expect(statusOf(reply)).toEqual([201, 'draft', 1])
    expect(reply.body).toEqual({
      headline: { id: reply.body.headline.id, version: 1, status: 'draft' },
      position: null,
      durability: 'always',
      replication: 'none',
    })
    expect(reply.headers.get('location')).toContain(reply.body.headline.id)
    expect(await opsOf(reply.body.headline.id)).toEqual([])
  })

  it('is submitted with the release time that its author asks for', async () => {
    const releaseAt = inMs(HOUR)
    const reply = await staff.ann.write({ text: 'Bridge closed', then: 'submit', releaseAt })

    expect(statusOf(reply)).toEqual([201, 'pending', 1])
    const { body } = await staff.rob.read(reply.body.headline.id)
    expect(body).toMatchObject({ status: 'pending', desk: { releaseAt: Date.parse(releaseAt) } })
  })

  it('waits for the end of its undo window', async () => {
    const reply = await staff.bob.write({ text: 'Bridge closed' }, slow)

    expect(statusOf(reply)).toEqual([202, 'due', 1])
    expect(Date.parse(reply.body.releaseAt)).toBeGreaterThan(Date.now() + HOUR / 6 - 10_000)
    expect(await opsOf(reply.body.headline.id, 'slow')).toEqual([])
  })
})

describe('a draft', () => {
  it('is saved, submitted, returned, saved again and approved until it is released', async () => {
    const id = await draft()

    expect(statusOf(await staff.ann.act(id, 'save', 1, { text: 'Bridge is closed' }))).toEqual([
      200,
      'draft',
      2,
    ])
    expect(statusOf(await staff.ann.act(id, 'submit', 2))).toEqual([200, 'pending', 3])
    const returned = await staff.bob.act(id, 'return', 3, { reason: 'Which one?' })
    expect(statusOf(returned)).toEqual([200, 'returned', 4])
    expect((await staff.ann.read(id)).body).toMatchObject({ desk: { reason: 'Which one?' } })
    const saved = await staff.ann.act(id, 'save', 4, { text: 'Tarrow Bridge is closed' })
    expect(statusOf(saved)).toEqual([200, 'draft', 5])
    expect(statusOf(await staff.ann.act(id, 'submit', 5))).toEqual([200, 'pending', 6])
    const approved = await staff.bob.act(id, 'approve', 6)
    expect(statusOf(approved)).toEqual([200, 'live', 7])
    expect(approved.body.position).toMatch(/:\d+$/)
    expect(await opsOf(id)).toEqual(['publish'])
    const { body } = await staff.rob.read(id)
    expect(body.versions.map(({ action }) => action)).toEqual([
      'save',
      'save',
      'submit',
      'return',
      'save',
      'submit',
      'approve',
    ])
  })

  it('is released or scheduled by a person who may publish alone', async () => {
    const [now, later] = [await draft(), await draft()]

    expect(statusOf(await staff.bob.act(now, 'release', 1))).toEqual([200, 'live', 2])
    const scheduled = await staff.bob.act(later, 'schedule', 1, { releaseAt: inMs(HOUR) })
    expect(statusOf(scheduled)).toEqual([202, 'due', 2])
  })

  it('is rejected or discarded, and restored as a draft', async () => {
    const id = await draft()
    await staff.ann.act(id, 'submit', 1)

    expect(statusOf(await staff.bob.act(id, 'reject', 2, { reason: 'Not news' }))).toEqual([
      200,
      'rejected',
      3,
    ])
    expect(statusOf(await staff.ann.act(id, 'discard', 3))).toEqual([200, 'discarded', 4])
    const restored = await staff.ann.act(id, 'restore', 4, { version: 1 })
    expect(statusOf(restored)).toEqual([200, 'draft', 5])
    expect((await staff.ann.read(id)).body).toMatchObject({ content: { text: 'Bridge closed' } })
  })
})

describe('a due headline', () => {
  const later = async (feed = 'en') => {
    const reply = await staff.bob.write({ text: 'Embargoed', releaseAt: inMs(HOUR) }, { feed })
    return reply.body.headline.id
  }

  it('is undone: it becomes a draft and is not released', async () => {
    const { body } = await staff.bob.write({ text: 'Bridge closed' }, slow)
    const { id } = body.headline

    expect(statusOf(await staff.bob.act(id, 'undo', 1, {}, slow))).toEqual([200, 'draft', 2])
    expect(await api.store.redis.zcard(api.store.keys.feed('slow').due)).toBe(
      await api.store.redis.hlen(api.store.keys.feed('slow').changes),
    )
    expect((await staff.bob.read(id, 'slow')).body).not.toHaveProperty('releaseAt')
  })

  it.each([-HOUR, HOUR])('waits by Redis’s clock while the api’s clock is wrong by %d ms', async (wrong) => {
    api.clock.now = () => Date.now() + wrong
    const [released, late, soon] = [
      await staff.bob.write({ text: 'Bridge closed' }, slow),
      await staff.bob.write({ text: 'Bridge closed', releaseAt: inMs(-60_000) }, slow),
      await staff.bob.write({ text: 'Bridge closed', releaseAt: inMs(60_000) }, slow),
    ]
    api.clock.now = () => Date.now()

    const waitMs = Date.parse(released.body.releaseAt) - Date.now()
    expect([waitMs > 0, waitMs <= 600_000]).toEqual([true, true])
    expect([late.body.code, soon.status]).toEqual(['embargo-in-past', 202])
  })

  it('takes another release time, earlier or later, and another text', async () => {
    const id = await later()
    const releaseAt = inMs(2 * HOUR)

    const moved = await staff.cat.act(id, 'schedule', 1, { releaseAt })
    expect(moved.body).toMatchObject({ headline: { version: 2, status: 'due' }, releaseAt })
    const saved = await staff.cat.act(id, 'save', 2, { text: 'Embargoed still' })
    expect(saved.body).toMatchObject({ headline: { version: 3, status: 'due' }, releaseAt })
    const released = await staff.cat.act(id, 'release', 3)
    expect(statusOf(released)).toEqual([200, 'live', 4])
    expect(await opsOf(id)).toEqual(['publish'])
  })

  it('under an embargo waits for its end, unless a chief lifts it', async () => {
    const embargoUntil = inMs(HOUR)
    const written = await staff.bob.write({ text: 'Embargoed', embargoUntil })
    expect(written.body).toMatchObject({ headline: { status: 'due' }, releaseAt: embargoUntil })
    const { id } = written.body.headline

    const early = await staff.bob.act(id, 'release', 1)
    expect([early.status, early.body]).toEqual([
      409,
      expect.objectContaining({ code: 'embargoed', embargoUntil }),
    ])
    const lifted = await staff.bob.act(id, 'release', 1, { embargoUntil: null })
    expect([lifted.status, lifted.body.code]).toEqual([403, 'forbidden'])

    expect(statusOf(await staff.bob.act(id, 'undo', 1))).toEqual([200, 'draft', 2])
    expect((await staff.bob.act(id, 'release', 2)).body.code).toBe('embargoed')
    const later = await staff.bob.act(id, 'schedule', 2, { releaseAt: inMs(2 * HOUR) })
    expect(statusOf(later)).toEqual([202, 'due', 3])
    expect((await staff.bob.read(id)).body.desk).toMatchObject({ embargoUntil: Date.parse(embargoUntil) })
    expect(await opsOf(id)).toEqual([])

    expect(statusOf(await staff.dan.act(id, 'release', 3, { embargoUntil: null }))).toEqual([200, 'live', 4])
    expect((await staff.bob.read(id)).body.desk).not.toHaveProperty('embargoUntil')
  })

  it('goes back for approval with a text by a person who may not publish alone', async () => {
    const { body } = await staff.ann.write(
      { text: 'Embargoed', then: 'submit', releaseAt: inMs(HOUR) },
      strict,
    )
    const { id } = body.headline
    expect(statusOf(await staff.bob.act(id, 'approve', 1, {}, strict))).toEqual([202, 'due', 2])

    const saved = await staff.bob.act(id, 'save', 2, { text: 'Embargoed still' }, strict)

    expect(statusOf(saved)).toEqual([200, 'pending', 3])
    expect((await staff.bob.act(id, 'approve', 3, {}, strict)).body.code).toBe('self-approval')
    expect(statusOf(await staff.cat.act(id, 'approve', 3, {}, strict))).toEqual([202, 'due', 4])
  })

  it('is released at its time', async () => {
    const { body } = await staff.bob.write({ text: 'Soon', releaseAt: inMs(300) })
    await eventually('the line is out', 20_000, async () => {
      await releaseDue(api.store, 'en')
      return (await opsOf(body.headline.id)).length === 1
    })
    expect((await staff.rob.read(body.headline.id)).body.status).toBe('live')
  })
})

describe('a released headline', () => {
  it('is corrected with or without a public note', async () => {
    const id = await liveHeadline()

    const refiled = await staff.bob.act(id, 'correct', 1, { text: 'Bridge shut', kind: 'refile' })
    expect(statusOf(refiled)).toEqual([200, 'live', 2])
    const note = 'The bridge is not shut.'
    const corrected = await staff.bob.act(id, 'correct', 2, { text: 'Bridge open', kind: 'correction', note })
    expect(statusOf(corrected)).toEqual([200, 'live', 3])
    const events = (await readAfter(api.store, 'en', 0, 10_000)).map(eventOf)
    const shown = events.filter(({ headline }) => headline.id === id).map(({ headline }) => headline)
    expect(shown).toMatchObject([{ place: shown[0]?.place }, { text: 'Bridge shut' }, { note }])
    expect(new Set(shown.map(({ place }) => place)).size).toBe(1)
  })

  it('is held, corrected meanwhile, and resumed with the new text', async () => {
    const id = await liveHeadline()

    expect(statusOf(await staff.ann.act(id, 'hold', undefined))).toEqual([200, 'held', 2])
    const corrected = await staff.bob.act(id, 'correct', 2, { text: 'Bridge open' })
    expect(statusOf(corrected)).toEqual([200, 'held', 3])
    expect(statusOf(await staff.bob.act(id, 'resume', 3))).toEqual([200, 'live', 4])
    expect(await opsOf(id)).toEqual(['publish', 'hold', 'resume'])
    const resumed = (await readAfter(api.store, 'en', 0, 10_000)).map(eventOf).at(-1)
    expect(resumed?.headline).toMatchObject({ id, text: 'Bridge open' })
  })

  it('is pinned and unpinned', async () => {
    const id = await liveHeadline()

    expect(statusOf(await staff.bob.act(id, 'pin', 1))).toEqual([200, 'live', 2])
    expect((await staff.bob.act(id, 'pin', 2)).body).toMatchObject({ code: 'illegal-action' })
    expect(statusOf(await staff.bob.act(id, 'unpin', 2))).toEqual([200, 'live', 3])
    expect(await opsOf(id)).toEqual(['publish', 'pin', 'unpin'])
  })

  it('gets the text of an earlier version back as a new version', async () => {
    const id = await liveHeadline()
    await staff.bob.act(id, 'correct', 1, { text: 'Bridge open' })

    const restored = await staff.bob.act(id, 'restore', 2, { version: 1, note: 'It is closed after all.' })

    expect(statusOf(restored)).toEqual([200, 'live', 3])
    expect((await staff.rob.read(id)).body).toMatchObject({ content: { text: 'Bridge closed' } })
    expect(await opsOf(id)).toEqual(['publish', 'correct', 'correct'])
  })

  it('expires, is restored as a draft, and can still be withdrawn', async () => {
    const id = await liveHeadline()

    expect(statusOf(await staff.bob.act(id, 'expire', 1, { note: 'Over' }))).toEqual([200, 'expired', 2])
    expect(statusOf(await staff.ann.act(id, 'restore', 2, { version: 1 }))).toEqual([200, 'draft', 3])
    expect(statusOf(await staff.ann.act(id, 'withdraw', undefined))).toEqual([200, 'withdrawn', 4])
    expect(await opsOf(id)).toEqual(['publish', 'expire', 'withdraw'])
  })
})

describe('under the two-person rule', () => {
  async function released(): Promise<string> {
    const { body } = await staff.ann.write({ text: 'Bridge closed', then: 'submit' }, strict)
    const approved = await staff.bob.act(body.headline.id, 'approve', 1, {}, strict)
    expect(statusOf(approved)).toEqual([200, 'live', 2])
    return body.headline.id
  }

  it('a correction is a proposal until a second person has approved it', async () => {
    const id = await released()

    const proposed = await staff.bob.act(id, 'correct', 2, { text: 'Bridge open' }, strict)
    expect(proposed.status).toBe(202)
    expect(proposed.body).toMatchObject({
      headline: { version: 3, status: 'live' },
      position: null,
      proposal: true,
    })
    expect(await opsOf(id, 'strict')).toEqual(['publish'])
    expect((await staff.cat.read(id, 'strict')).body).toMatchObject({
      content: { text: 'Bridge closed' },
      desk: { proposal: { content: { text: 'Bridge open' } } },
      allowed: expect.arrayContaining(['approve', 'return']),
    })
    expect((await staff.bob.act(id, 'approve', 3, {}, strict)).body.code).toBe('self-approval')

    const approved = await staff.cat.act(id, 'approve', 3, {}, strict)
    expect(statusOf(approved)).toEqual([200, 'live', 4])
    expect(await opsOf(id, 'strict')).toEqual(['publish', 'correct'])
  })

  it('an author cannot approve their own text after another person has restored it', async () => {
    const { body } = await staff.bob.write({ text: 'Bridge burns', then: 'keep' }, strict)
    const { id } = body.headline
    await staff.ann.act(id, 'save', 1, { text: 'Bridge closed' }, strict)
    await staff.ann.act(id, 'submit', 2, {}, strict)
    expect(statusOf(await staff.cat.act(id, 'approve', 3, {}, strict))).toEqual([200, 'live', 4])

    expect((await staff.ann.act(id, 'restore', 4, { version: 1 }, strict)).status).toBe(202)
    expect((await staff.bob.act(id, 'approve', 5, {}, strict)).body.code).toBe('self-approval')
    expect(statusOf(await staff.cat.act(id, 'approve', 5, {}, strict))).toEqual([200, 'live', 6])

    // An approved text may be restored by one of the two persons and approved by the other.
    expect((await staff.ann.act(id, 'restore', 6, { version: 4 }, strict)).status).toBe(202)
    expect(statusOf(await staff.bob.act(id, 'approve', 7, {}, strict))).toEqual([200, 'live', 8])
  })

  it('a repeated request for a proposal gets the first answer', async () => {
    const id = await released()
    const headers = { 'Idempotency-Key': 'proposal' }
    const ask = () => staff.bob.act(id, 'correct', 2, { text: 'Bridge open' }, { ...strict, headers })
    const [first, again] = [await ask(), await ask()]

    expect(again.status).toBe(202)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  })

  it('a proposal can be returned, and the headline stays as it is', async () => {
    const id = await released()
    await staff.bob.act(id, 'correct', 2, { text: 'Bridge open' }, strict)

    const sent = await staff.cat.act(id, 'return', 3, { reason: 'It is closed' }, strict)

    expect(statusOf(sent)).toEqual([200, 'live', 4])
    const { body } = await staff.bob.read(id, 'strict')
    expect(body).toMatchObject({ content: { text: 'Bridge closed' }, desk: { reason: 'It is closed' } })
    expect(body.desk).not.toHaveProperty('proposal')
  })

  it('a hold or a withdrawal needs no second person', async () => {
    const id = await released()

    expect(statusOf(await staff.ann.act(id, 'hold', undefined, {}, strict))).toEqual([200, 'held', 3])
    expect(statusOf(await staff.ann.act(id, 'withdraw', undefined, {}, strict))).toEqual([
      200,
      'withdrawn',
      4,
    ])
  })
})

describe('a headline whose release was missed', () => {
  async function late(): Promise<string> {
    const { body } = await staff.bob.write({ text: 'Late', releaseAt: inMs(HOUR) })
    const { due } = api.store.keys.feed('en')
    const waiting = (await api.store.redis.zrange(due, '0', '-1')).find((member) =>
      member.endsWith(body.headline.id),
    )
    await api.store.redis.zadd(due, String(Date.now() - HOUR), waiting ?? '')
    await releaseDue(api.store, 'en')
    return body.headline.id
  }

  it('is released only when an editor decides so', async () => {
    const id = await late()
    const { body } = await staff.cat.read(id)
    expect(body).toMatchObject({
      status: 'needs-decision',
      allowed: ['save', 'release', 'schedule', 'withdraw', 'discard'],
    })
    expect(await opsOf(id)).toEqual([])
    const refused = await staff.cat.act(id, 'approve', 1)
    expect(refused.body).toMatchObject({ code: 'needs-decision', headlineStatus: 'needs-decision' })

    expect(statusOf(await staff.cat.act(id, 'release', 1))).toEqual([200, 'live', 2])
  })

  it('is scheduled again, or discarded or withdrawn', async () => {
    const [again, never, away] = [await late(), await late(), await late()]

    const scheduled = await staff.cat.act(again, 'schedule', 1, { releaseAt: inMs(HOUR) })
    expect(statusOf(scheduled)).toEqual([202, 'due', 2])
    expect(statusOf(await staff.ann.act(never, 'withdraw', undefined))).toEqual([200, 'withdrawn', 2])
    expect(statusOf(await staff.bob.act(away, 'discard', 1))).toEqual([200, 'discarded', 2])
    expect(await opsOf(never)).toEqual([])
  })
})

it('a read lists for each person the actions that they may perform', async () => {
  const id = await liveHeadline()
  const allowed = async (by = staff.bob) => (await by.read(id)).body.allowed

  expect(await allowed(staff.rob)).toEqual([])
  expect(await allowed(staff.ann)).toEqual(['correct', 'hold', 'withdraw', 'restore'])
  expect(await allowed()).toEqual([
    'correct',
    'hold',
    'withdraw',
    'expire',
    'pin',
    'label',
    'unlabel',
    'restore',
  ])
})

it('the audit has every act, with its actor, reason and IP address', async () => {
  const id = await liveHeadline()
  await staff.ann.act(id, 'hold', undefined, { reason: 'A reader called' })

  const { body } = await staff.eve.get('/v1/feeds/en/audit?limit=200')
  const acts = body.entries.filter(({ headline }) => headline === id)
  expect(acts).toMatchObject([
    { action: 'release', before: null, after: { status: 'due', version: 1 } },
    { action: 'released' },
    {
      action: 'hold',
      before: { status: 'live' },
      after: { status: 'held' },
      act: {
        by: `key:${staff.ann.keyId}`,
        person: staff.ann.id,
        reason: 'A reader called',
        ip: expect.any(String),
      },
    },
    { action: 'released' },
  ])
})
