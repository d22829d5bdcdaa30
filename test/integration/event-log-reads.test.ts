import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { auditEntryOf, readAudit } from '../../src/eventlog/audit/read-audit.ts'
import { createFeed, readFeed } from '../../src/eventlog/feeds/feeds.ts'
import { readPolicy } from '../../src/eventlog/feeds/policy.ts'
import { findHeadlines } from '../../src/eventlog/find-headlines.ts'
import { flagSiblings } from '../../src/eventlog/flag-siblings.ts'
import { readHeadline, readReleasedPosition } from '../../src/eventlog/read-headline.ts'
import { loadFeed, readHeads } from '../../src/eventlog/read-log.ts'
import { readReleasedSince } from '../../src/eventlog/read-released-since.ts'
import { readStory } from '../../src/archive/reading/read-story.ts'
import { readSummaries } from '../../src/eventlog/read-summaries.ts'
import { keepReceipts, readDueTimes, readEvent, readReceipts } from '../../src/eventlog/receipts.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { newFeedSchema } from '../../src/protocol/feed.ts'
import { contentSchema } from '../../src/protocol/headline.ts'
import { newId, publish, save, testAct, withdraw } from '../support/changes.ts'
import { createTestFeed, freshPrefix, openTestStore } from '../support/redis.ts'

let opened: Awaited<ReturnType<typeof openTestStore>>
let store: Store
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(async () => {
  store = { ...opened, keys: redisKeys(freshPrefix()) }
  await createTestFeed(store)
})

const content = (text: string) => contentSchema.parse({ text, story: 'bridge' })

async function released(text = 'A line'): Promise<string> {
  const id = newId()
  await save(store, publish(id, text))
  await releaseDue(store, 'en')
  return id
}

describe('the heads of feeds', () => {
  it('are read in the order asked, undefined for a feed that has none or a damaged one', async () => {
    await released()
    for (const id of ['half', 'other'])
      await createFeed(store, newFeedSchema.parse({ id, title: id, lang: 'en' }))
    await store.redis.hdel(store.keys.feed('half').head, 'seq')
    await store.redis.del(store.keys.feed('other').head)
    await store.redis.set(store.keys.feed('other').head, 'no hash')
    const loaded = await loadFeed(store, 'en', 10)
    const head = loaded?.head

    expect(await readHeads(store, ['half', 'en', 'none', 'other'])).toEqual([
      undefined,
      { ...head, frozen: false, markKey: loaded?.markKey, presented: 0 },
      undefined,
      undefined,
    ])
    expect(head).toEqual({
      epoch: expect.stringMatching(/^[a-z2-7]{8}$/),
      seq: 1,
      chain: expect.stringMatching(/^[0-9a-f]{40}$/),
    })
  })
})

describe('a feed that is made again', () => {
  const feed = newFeedSchema.parse({ id: 'es', title: 'Última hora', lang: 'es' })

  it('is the same or exists already, and its log goes on', async () => {
    expect(await createFeed(store, feed, undefined, testAct)).toBe('created')
    const [head] = await readHeads(store, ['es'])
    expect(await createFeed(store, feed, undefined, testAct)).toBe('same')
    expect(await createFeed(store, { ...feed, title: 'Otro' }, undefined, testAct)).toBe('exists')
    expect(await readHeads(store, ['es'])).toEqual([head])
    expect(await readFeed(store, 'es')).toEqual(feed)
    expect((await readAudit(store, 'es', 0, 10)).map((entry) => auditEntryOf(entry).action)).toEqual([
      'feed-made',
    ])
  })

  it('has the usual policy where none is given, and tells the audit nothing without an act', async () => {
    await createFeed(store, feed)
    expect(await readPolicy(store, 'es')).toMatchObject({ version: 0, policy: { maxGraphemes: 280 } })
    expect(await readAudit(store, 'es', 0, 10)).toEqual([])
  })
})

it('a feed whose strip is damaged is not loaded', async () => {
  await store.redis.set(store.keys.feed('en').strip, 'no hash')
  await expect(loadFeed(store, 'en', 10)).rejects.toThrow('WRONGTYPE')
})

describe('receipts', () => {
  const report = (number: number, readers: number) => ({
    gateway: 'b',
    number,
    readers,
    events: [{ position: 'abcdefgh:1', times: [[4, readers]] as [number, number][] }],
  })

  it('are the newest report of each gateway, by name', async () => {
    const screens = { asked: 2, cleared: 1, left: 0, returned: 0, silent: 3 }
    await keepReceipts(store, 'en', report(1, 1))
    await keepReceipts(store, 'en', report(3, 3))
    await keepReceipts(store, 'en', report(2, 2))
    await keepReceipts(store, 'en', report(3, 4))
    const other = report(1, 5)
    await keepReceipts(store, 'en', {
      ...other,
      gateway: 'a',
      events: other.events.map((event) => ({ ...event, screens })),
    })
    await keepReceipts(store, 'en', { ...report(9, 9), events: [] })

    const [none, both] = await readReceipts(store, 'en', ['abcdefgh:9', 'abcdefgh:1'])
    expect(none).toEqual([])
    expect(both).toEqual([
      { gateway: 'a', agoMs: expect.any(Number), readers: 5, times: [[4, 5]], screens },
      { gateway: 'b', agoMs: expect.any(Number), readers: 3, times: [[4, 3]] },
    ])
    for (const { agoMs } of both ?? []) expect(agoMs).toBeGreaterThanOrEqual(0)
    for (const { agoMs } of both ?? []) expect(agoMs).toBeLessThan(60_000)
  })

  it('are kept for seven days', async () => {
    await keepReceipts(store, 'en', report(1, 1))
    const leftMs = await store.redis.pttl(store.keys.feed('en').receipt('abcdefgh:1'))
    expect(leftMs).toBeGreaterThan(7 * 86_400_000 - 60_000)
    expect(leftMs).toBeLessThanOrEqual(7 * 86_400_000)
  })
})

it('the times at which versions were due are known once they are released', async () => {
  const dueAt = Date.now() - 1_000
  const id = newId()
  await save(store, publish(id, 'A line', { dueAt }))
  await releaseDue(store, 'en')
  expect(await readDueTimes(store, 'en', id, [2, 1])).toEqual([undefined, dueAt])
  expect(await readDueTimes(store, 'en', id, [])).toEqual([])
})

it('the event of a position is found where the log still has it', async () => {
  await released('Earlier')
  const id = await released()
  const { epoch, seq } = (await loadFeed(store, 'en', 10))!.head
  expect(await readEvent(store, 'en', `${epoch}:${seq}`)).toMatchObject({ op: 'publish', headline: { id } })
  for (const position of [`${epoch}:3`, `${epoch}:0`, `aaaaaaaa:${seq}`, 'nonsense'])
    expect(await readEvent(store, 'en', position)).toBeUndefined()
})

it('the position of a released version is known, and of no other', async () => {
  const id = await released()
  const { epoch } = (await loadFeed(store, 'en', 10))!.head
  expect(await readReleasedPosition(store, 'en', id, 1)).toBe(`${epoch}:1`)
  expect(await readReleasedPosition(store, 'en', id, 2)).toBeUndefined()
})

it('the lines of a story in other feeds are flagged once, and counted', async () => {
  for (const feed of ['ar', 'es']) await createTestFeed(store, { id: feed, lang: feed })
  const ids: Record<string, string> = {}
  for (const feed of ['en', 'ar', 'es']) {
    const id = (ids[feed] = newId())
    await save(store, publish(id, 'Bridge closed', { feed, content: content('Bridge closed') }))
    await releaseDue(store, feed)
  }
  await save(store, withdraw(ids.en!))

  const todo = await store.redis.hgetall(store.keys.feed('en').storyTodo)
  expect(await flagSiblings(store, 'en')).toBe(2)
  expect(await flagSiblings(store, 'en')).toBe(0)
  // A worker that dies before it takes the note away leaves it to another one.
  await store.redis.hset(store.keys.feed('en').storyTodo, todo)
  expect(await flagSiblings(store, 'en')).toBe(0)

  expect((await readHeadline(store, 'ar', ids.ar!))?.attention).toMatchObject({
    feed: 'en',
    id: ids.en,
    action: 'withdraw',
    version: 2,
  })
  const query = { statuses: [], words: [], attention: true }
  expect((await findHeadlines(store, 'ar', query, 10)).found.map(({ id }) => id)).toEqual([ids.ar])
})

it('a headline whose end has passed before its release is never shown', async () => {
  const id = newId()
  const expiresAt = new Date(Date.now() - 1_000).toISOString()
  await save(store, publish(id, 'Too late', { content: { ...content('Too late'), expiresAt } }))
  expect(await releaseDue(store, 'en')).toMatchObject({ count: 0 })
  expect(await readHeadline(store, 'en', id)).toMatchObject({ status: 'expired', version: 1 })
  expect(await store.redis.zrange(store.keys.feed('en').status('expired'), '0', '-1')).toEqual([id])
})

it('the audit tells that the service has expired a headline, and why', async () => {
  await createTestFeed(store, { id: 'full', stripLimit: 1 })
  for (const text of ['First', 'Second']) {
    await save(store, publish(newId(), text, { feed: 'full' }))
    await releaseDue(store, 'full')
  }
  const entries = (await readAudit(store, 'full', 0, 10)).map(auditEntryOf)
  expect(entries.find(({ action }) => action === 'expired')?.detail).toMatchObject({ why: 'strip-full' })
})

it('what came out as news since a time is listed newest first', async () => {
  const before = Date.now() - 60_000
  const first = await released()
  await released('Later').then(async (later) => {
    expect(await readReleasedSince(store, 'en', before, { offset: 0, limit: 10 })).toEqual(
      expect.arrayContaining([first, later]),
    )
    const [score] = await store.redis.zmscore(store.keys.feed('en').released, first)
    await store.redis.zadd(store.keys.feed('en').released, Number(score) + 1_000, later)
    const since = (from: number, offset: number, limit: number) =>
      readReleasedSince(store, 'en', from, { offset, limit })
    expect(await since(before, 0, 10)).toEqual([later, first])
    expect(await since(before, 1, 10)).toEqual([first])
    expect(await since(before, 0, 1)).toEqual([later])
    expect(await since(Number(score), 0, 10)).toEqual([later, first])
    expect(await since(Number(score) + 1, 0, 10)).toEqual([later])
  })
})

describe('summaries', () => {
  it('say what a headline record says, and when its newest version was saved', async () => {
    const waiting = newId()
    await save(store, publish(waiting, 'Later', { dueAt: Date.now() + 60_000 }))
    const gone = await released('Gone')
    await save(store, withdraw(gone))
    const summaries = await readSummaries(store, 'en', [waiting, 'unknown', gone])
    const records = [await readHeadline(store, 'en', waiting), await readHeadline(store, 'en', gone)]
    const [one, two] = records.map((record) => {
      const { versions, ...rest } = record!
      return { ...rest, updatedAt: versions.at(-1)?.savedAt }
    })
    expect(summaries).toEqual([one, undefined, two])
    expect(one).toHaveProperty('releaseAt')
    expect(await readSummaries(store, 'en', [])).toEqual([])
  })

  it('of a story are two hundred at the most, the newest', async () => {
    const keys = store.keys.feed('en')
    const ids = Array.from({ length: 203 }, (_, n) => `id-${n}`)
    await store.redis.hset(keys.versions, Object.fromEntries(ids.map((id) => [`${id}:1`, '{"savedAt":"x"}'])))
    await store.redis.hset(
      keys.states,
      Object.fromEntries(
        ids.map((id, createdAt) => [id, JSON.stringify({ version: 1, status: 'draft', createdAt })]),
      ),
    )
    for (const index of [keys.headlines, keys.story('bridge')])
      await store.redis.zadd(index, ...ids.flatMap((id, at) => [at, id]))
    const { lines } = await readStory({ store, archive: () => undefined }, 'en', 'bridge')
    expect(lines.map(({ id }) => id)).toEqual(ids.reverse().slice(0, 200))
  })
})
