import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { comparableText, nearly } from '../../src/desk/duplicates.ts'
import { saveHeadline } from '../../src/eventlog/save-headline.ts'
import { readNews } from '../../src/eventlog/read-news.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { newId, onceOnly, publish } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { feedWith, staffOf, type DeskReply, type Staff } from '../support/newsroom.ts'

const HOUR = 3_600_000
const LIMIT_MS = 10_000
const ROUNDS = 8

let api: TestApi
/** Another process on the same storage. */
let other: TestApi
let staff: Staff
beforeAll(async () => {
  api = await startApi()
  other = await startApi({ prefix: api.prefix })
  staff = await staffOf(api)
})
afterAll(async () => {
  await other.close()
  await api.close()
})

let feeds = 0
async function freshFeed(undoMs: number): Promise<string> {
  const id = `twice-${++feeds}`
  const policy = { duplicateWithinMs: HOUR, releasesPerMinute: 100_000, undoMs: { bulletin: undoMs } }
  await feedWith(api, id, policy)
  return id
}

/** All texts at once, in turn to one process and the other. */
function postAll(feed: string, texts: readonly string[]) {
  return Promise.all(
    texts.map((text, index) =>
      (index % 2 === 0 ? api : other).request(`/v1/feeds/${feed}/headlines`, {
        method: 'POST',
        key: staff.bob.key,
        body: { text },
      }),
    ),
  )
}

/** Each is nearly equal to each other one; no two are equal. */
const variants = [
  'Tarrow Bridge closed after crack is found in pillar',
  'BREAKING: Tarrow Bridge closed after cracks is found in pillar',
  'tarrow bridge closed after crack is found in pillar tonight',
  'URGENT – Tarrow Bridge closed after cracks is found in pillar tonight',
  'Old “Tarrow Bridge” closed after crack is found in pillar tonight',
]

describe('nearly equal texts at the same time', () => {
  it.each([
    ['that go out at once', 0],
    ['that wait for their undo windows', 600_000],
  ])('%s: one is accepted, whatever the processes', async (_what, undoMs) => {
    for (let round = 0; round < ROUNDS; round++) {
      const replies = await postAll(await freshFeed(undoMs), variants)

      const accepted = replies.filter(({ status }) => status === 201 || status === 202)
      const refused = replies.filter(({ status }) => status === 409)
      expect([round, accepted.length, refused.length]).toEqual([round, 1, variants.length - 1])
      for (const { body } of refused) {
        const { id } = accepted[0]?.body.headline ?? {}
        expect(body).toMatchObject({ code: 'duplicate-headline', match: { id } })
      }
    }
  })

  it('are nearly equal in every pair, and never equal', () => {
    for (const [index, one] of variants.entries()) {
      for (const two of variants.slice(index + 1)) {
        expect([one, two, nearly(one)(two)]).toEqual([one, two, true])
        expect(comparableText(one)).not.toBe(comparableText(two))
      }
    }
  })

  it('does not keep out other news of the same moment', async () => {
    const feed = await freshFeed(0)
    const replies = await postAll(
      feed,
      Array.from({ length: 40 }, (_, n) => `Ship number ${n} leaves port`),
    )

    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 201))
  })

  it('is decided again when news was accepted after the reading', async () => {
    const feed = await freshFeed(0)
    const { accepted: newsSeen } = await readNews(api.store, feed, ['due'])
    const first = { ...publish(newId(), 'One', { newsSeen }), feed }
    const second = { ...publish(newId(), 'Two', { newsSeen }), feed }

    expect(await saveHeadline(api.store, first, onceOnly())).toMatchObject({ kind: 'saved' })
    expect(await saveHeadline(api.store, second, onceOnly())).toEqual({ kind: 'news-accepted' })
    const { newsSeen: _, ...unguarded } = second
    expect(await saveHeadline(api.store, unguarded, onceOnly())).toMatchObject({ kind: 'saved' })
  })
})

describe('a text that says what a waiting headline says', () => {
  it('is refused, and both go out with force', async () => {
    const feed = await freshFeed(600_000)
    const waiting = await staff.bob.write({ text: 'Two killed in blast' }, { feed })
    const again = { text: 'BREAKING: Two killed in blast' }

    expect((await staff.cat.write(again, { feed })).body).toMatchObject({
      code: 'duplicate-headline',
      match: { id: waiting.body.headline.id, status: 'due', text: 'Two killed in blast' },
    })
    const forced = await staff.cat.write(again, { feed, query: '?force=true' })
    expect(forced.status).toBe(202)
    for (const { body } of [waiting, forced]) {
      const { id } = body.headline
      expect((await staff.bob.act(id, 'release', 1, {}, { feed })).body.headline.status).toBe('live')
    }
  })

  it('is not stopped at its time when it was forced', async () => {
    const feed = await freshFeed(0)
    await staff.bob.write({ text: 'Two killed in blast' }, { feed })
    const releaseAt = new Date(Date.now() + 200).toISOString()
    const again = { text: 'BREAKING: Two killed in blast', releaseAt }
    const forced = await staff.cat.write(again, { feed, query: '?force=true' })

    await eventually('it is out', LIMIT_MS, async () => {
      await releaseDue(api.store, feed)
      return (await staff.bob.read(forced.body.headline.id, feed)).body.status === 'live'
    })
  })

  it('is refused until that one is taken back', async () => {
    const feed = await freshFeed(600_000)
    const { body } = await staff.bob.write({ text: 'Two killed in blast' }, { feed })
    await staff.bob.act(body.headline.id, 'undo', 1, {}, { feed })

    expect((await staff.cat.write({ text: 'Urgent: two killed in blast' }, { feed })).status).toBe(202)
  })
})

describe('a correction', () => {
  it('to the words of another headline is never stopped', async () => {
    const feed = await freshFeed(0)
    await staff.bob.write({ text: 'Two killed in blast' }, { feed })
    const { body } = await staff.bob.write({ text: 'Five killed in blast' }, { feed })
    const { id } = body.headline

    expect((await staff.bob.act(id, 'correct', 1, { text: 'Two killed in blast' }, { feed })).status).toBe(
      200,
    )
    const near = { text: 'BREAKING: Two killed in blast', note: 'Not five.' }
    expect((await staff.bob.act(id, 'correct', 2, near, { feed })).status).toBe(200)
  })

  it('of the meaning is other news as a post, too', async () => {
    const feed = await freshFeed(0)
    const texts = [
      'Jobs fell by −300',
      'Jobs rose by +300',
      'Fine of $5m',
      'Fine of €5m',
      'Turnout <50 %',
      'Turnout >50 %',
    ]
    for (const text of [...texts, 'Iran attacks Israel', 'Israel attacks Iran', 'Grade C', 'Grade C+']) {
      expect([text, (await staff.bob.write({ text }, { feed })).status]).toEqual([text, 201])
    }
  })
})

describe('a submitted text', () => {
  const submit = (text: string, feed: string, query = '') =>
    staff.ann.write({ text, then: 'submit' }, { feed, query })
  const warningOf = ({ body }: DeskReply) => (body as { warning?: unknown }).warning

  it('is accepted with a warning when another one says the same, wherever that one stands', async () => {
    const feed = await freshFeed(600_000)
    const first = await submit('Airport shut by fog', feed)
    expect([first.status, warningOf(first)]).toEqual([201, undefined])
    const match = { id: first.body.headline.id, status: 'pending', text: 'Airport shut by fog' }

    const second = await submit('URGENT: airport shut by fog!', feed)
    expect([second.status, second.body.headline.status]).toEqual([201, 'pending'])
    expect(warningOf(second)).toEqual({ code: 'duplicate-headline', match })

    const draft = await staff.ann.write({ text: 'Airport shut by fog', then: 'keep' }, { feed })
    expect(warningOf(draft)).toBeUndefined()
    await staff.bob.act(match.id, 'approve', 1, {}, { feed })
    await staff.bob.act(second.body.headline.id, 'reject', 1, { reason: 'Twice' }, { feed })
    const later = await staff.ann.act(draft.body.headline.id, 'submit', 1, {}, { feed })
    expect(later.status).toBe(200)
    expect(warningOf(later)).toEqual({ code: 'duplicate-headline', match: { ...match, status: 'due' } })

    expect(warningOf(await submit('Airport shut by fog', feed, '?force=true'))).toBeUndefined()
    expect(warningOf(await submit('Airport open again', feed))).toBeUndefined()
  })

  it('of two reporters at the same time warns one of them at least', async () => {
    const feed = await freshFeed(0)
    for (let round = 0; round < ROUNDS; round++) {
      const replies = await Promise.all([0, 1].map(() => submit(`Harbour closed on day ${round}`, feed)))
      expect(replies.map(({ status }) => status)).toEqual([201, 201])
      expect(replies.filter((reply) => warningOf(reply) !== undefined).length).toBeGreaterThan(0)
    }
  })
})
