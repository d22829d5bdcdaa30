import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { indexTerms } from '../../src/desk/words.ts'
import { findHeadlines, type HeadlineQuery, type ListCursor } from '../../src/eventlog/find-headlines.ts'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { readHeadline } from '../../src/eventlog/read-headline.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { contentSchema } from '../../src/protocol/headline.ts'
import { statuses, type Status } from '../../src/protocol/lists/statuses.ts'
import { newId, onceOnly, publish, save } from '../support/changes.ts'
import { createTestFeed, freshPrefix, openTestStore } from '../support/redis.ts'

const vocabulary = [
  'Bridge',
  'closed',
  'ÉCOLE',
  'école',
  'عاجل',
  'إصابة',
  '地震',
  'กรุงเทพ',
  'मरे',
  '1,200',
  'fire',
]
const people = ['u_ann', 'u_bob', 'u_cem']
const stories = ['bridge', 'quake']

interface Line {
  readonly words: readonly string[]
  readonly status: Status
  readonly person: string
  readonly story: string | undefined
}

const line: fc.Arbitrary<Line> = fc.record({
  words: fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 4 }),
  status: fc.constantFrom(...statuses.filter((status) => status !== 'due' && status !== 'needs-decision')),
  person: fc.constantFrom(...people),
  story: fc.option(fc.constantFrom(...stories), { nil: undefined }),
})

/** A query; its times are indexes into the list of headlines. */
const wish = fc.record({
  statuses: fc.uniqueArray(fc.constantFrom(...statuses), { maxLength: 4 }),
  words: fc.array(fc.constantFrom(...vocabulary), { maxLength: 2 }),
  author: fc.option(fc.constantFrom(...people), { nil: undefined }),
  story: fc.option(fc.constantFrom(...stories), { nil: undefined }),
  since: fc.option(fc.nat(60), { nil: undefined }),
  until: fc.option(fc.nat(60), { nil: undefined }),
  limit: fc.integer({ min: 1, max: 7 }),
})

interface Stored extends Line, ListCursor {}

describe('finding headlines', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>
  beforeAll(async () => {
    opened = await openTestStore()
  })
  afterAll(() => opened.close())

  it('finds the same headlines as a plain filter, newest first, while headlines are written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 60 }),
        fc.array(wish, { minLength: 1, maxLength: 5 }),
        fc.array(line, { maxLength: 10 }),
        async (lines, wishes, later) => {
          const store = { ...opened, keys: redisKeys(freshPrefix()) }
          await createTestFeed(store)
          const stored = await writeAll(store, lines)
          const news = [...later]

          for (const { limit, ...wish } of wishes) {
            const query = queryOf(wish, stored)
            const found = await allPages(store, query, limit, async () => {
              const next = news.pop()
              if (next) await write(store, next)
            })
            const ids = found.map(({ id }) => id)
            expect(new Set(ids).size).toBe(ids.length)
            const known = ids.filter((id) => stored.some((one) => one.id === id))
            expect(known).toEqual(expected(query, stored))
          }
        },
      ),
      { numRuns: 40 },
    )
  }, 120_000)

  it('finds each headline once when hundreds have the same creation time', async () => {
    const store = { ...opened, keys: redisKeys(freshPrefix()) }
    await createTestFeed(store)
    const { headlines, word } = store.keys.feed('en')
    const ids = Array.from({ length: 1_300 }, newId)
    const places = ids.map((id, index) => ({ id, ms: index < 650 ? 1_000 : 2_000 }))
    await store.redis.zadd(headlines, ...places.flatMap(({ id, ms }) => [ms, id]))
    await store.redis.zadd(word('odd'), ...places.filter((_, n) => n % 2).flatMap(({ id, ms }) => [ms, id]))
    const newestFirst = places.sort((a, b) => b.ms - a.ms || (a.id < b.id ? 1 : -1))

    const all = await allPages(store, nothing, 100)
    const odd = await allPages(store, { ...nothing, words: ['odd'] }, 7)

    expect(all).toEqual(newestFirst)
    expect(odd.map(({ id }) => id).sort()).toEqual(ids.filter((_, n) => n % 2).sort())
  })

  it('ends a page after a bounded number of checks, and the next page continues there', async () => {
    const store = { ...opened, keys: redisKeys(freshPrefix()) }
    await createTestFeed(store)
    const { headlines, word } = store.keys.feed('en')
    const members = Array.from({ length: 12_001 }, (_, ms) => [ms, `id-${ms}`])
    // Each word is in every second headline, so neither index leads fast to the only headline with both words.
    await store.redis.zadd(headlines, ...members.flat())
    await store.redis.zadd(word('fire'), ...members.filter((_, n) => n % 2 === 0).flat())
    await store.redis.zadd(word('out'), ...members.filter((_, n) => n === 0 || n % 2 === 1).flat())
    const query = { ...nothing, words: ['fire', 'out'] }

    const first = await findHeadlines(store, 'en', query, 10)
    const second = await findHeadlines(store, 'en', query, 10, first.next)

    expect(first).toMatchObject({ found: [], next: { ms: expect.any(Number) } })
    expect(second).toEqual({ found: [{ id: 'id-0', ms: 0 }], next: undefined })
  })
})

const nothing: HeadlineQuery = { statuses: [], words: [], attention: false }

function queryOf(wish: Omit<HeadlineQuery, 'attention'>, stored: readonly Stored[]): HeadlineQuery {
  const msAt = (index: number | undefined) => (index === undefined ? undefined : stored[index]?.ms)
  return {
    ...wish,
    words: indexTerms(wish.words.join(' ')),
    since: msAt(wish.since),
    until: msAt(wish.until),
    attention: false,
  }
}

/** The oracle: filters the list of all headlines. */
function expected(query: HeadlineQuery, stored: readonly Stored[]): string[] {
  const { statuses: wanted, words, author, story, since = 0, until = Infinity } = query
  return stored
    .filter(({ status }) => wanted.length === 0 || wanted.includes(status))
    .filter((one) => words.every((word) => one.words.some((own) => indexTerms(own).includes(word))))
    .filter(({ person }) => author === undefined || person === author)
    .filter((one) => story === undefined || one.story === story)
    .filter(({ ms }) => ms >= since && ms <= until)
    .sort((a, b) => b.ms - a.ms || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id)
}

async function allPages(
  store: Store,
  query: HeadlineQuery,
  limit: number,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<ListCursor[]> {
  const all: ListCursor[] = []
  let next: ListCursor | undefined
  do {
    const page = await findHeadlines(store, 'en', query, limit, next)
    expect(page.found.length).toBeLessThanOrEqual(limit)
    all.push(...page.found)
    next = page.next
    await between()
  } while (next)
  return all
}

async function writeAll(store: Store, lines: readonly Line[]): Promise<Stored[]> {
  const stored: Stored[] = []
  for (const line of lines) stored.push(await write(store, line))
  return stored
}

async function write(store: Store, line: Line): Promise<Stored> {
  const id = newId()
  const { words, person, story } = line
  const text = words.join(' ')
  const content = contentSchema.parse({ text, ...(story !== undefined && { story }) })
  const change = {
    content,
    words: indexTerms(text),
    act: { by: `user:${person}`, person, name: person },
  }
  if (line.status === 'live') {
    await save(store, publish(id, text, change))
    await releaseDue(store, 'en')
  } else {
    // First a draft with other words and another story, which must not stay in the indexes.
    const draft = contentSchema.parse({ text: 'fire Bridge', story: 'quake' })
    const waits = { action: 'save', due: { kind: 'none' } } as const
    const first = { ...change, ...waits, content: draft, words: ['fire', 'bridge'], status: 'draft' } as const
    await save(store, publish(id, text, first), onceOnly())
    await save(store, publish(id, text, { ...change, ...waits, expected: 1, status: line.status }))
  }
  const { createdAt } = (await readHeadline(store, 'en', id)) ?? { createdAt: '' }
  return { ...line, id, ms: Date.parse(createdAt) }
}
