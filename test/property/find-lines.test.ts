import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Archive } from '../../src/archive/archive.ts'
import { bringBack } from '../../src/archive/reading/bring-back.ts'
import { findLines } from '../../src/archive/reading/find-lines.ts'
import type { Sources } from '../../src/archive/reading/sources.ts'
import { indexTerms } from '../../src/desk/words.ts'
import { readEndedLines } from '../../src/eventlog/ended/read-ended-lines.ts'
import { removeLines } from '../../src/eventlog/ended/remove-lines.ts'
import type { HeadlineQuery, ListCursor } from '../../src/eventlog/find-headlines.ts'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { contentSchema } from '../../src/protocol/headline.ts'
import type { Status } from '../../src/protocol/lists/statuses.ts'
import { libsqlDatabase } from '../support/archive/libsql-database.ts'
import { newId, publish, save } from '../support/changes.ts'
import { createTestFeed, freshPrefix, openTestStore } from '../support/redis.ts'

const vocabulary = ['Bridge', 'closed', 'école', 'عاجل', '地震', 'กรุงเทพ', 'fire']
const people = ['u_ann', 'u_bob']
const ended = ['discarded', 'rejected'] as const
const statuses = [...ended, 'draft', 'returned'] as const

/**
 * `home`: where the headline is at first. Only one that has ended can be in the archive. `changed`: it came back and became
 * a draft with other words, and the archive has it as it was.
 */
interface Line {
  readonly words: readonly string[]
  readonly status: Status
  readonly person: string
  readonly story: string | undefined
  readonly home: 'redis' | 'archive' | 'both' | 'changed'
}
interface Stored extends Line, ListCursor {}

const line: fc.Arbitrary<Line> = fc.record({
  words: fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 3 }),
  status: fc.constantFrom(...statuses),
  person: fc.constantFrom(...people),
  story: fc.constantFrom(undefined, 'bridge'),
  home: fc.constantFrom('redis', 'archive', 'both', 'changed'),
})

const wish = fc.record({
  statuses: fc.uniqueArray(fc.constantFrom(...statuses), { maxLength: 2 }),
  words: fc.array(fc.constantFrom(...vocabulary), { maxLength: 1 }),
  author: fc.constantFrom(undefined, ...people),
  story: fc.constantFrom(undefined, undefined, 'bridge'),
  since: fc.option(fc.nat(30), { nil: undefined }),
  until: fc.option(fc.nat(30), { nil: undefined }),
  limit: fc.integer({ min: 1, max: 6 }),
})

/** A headline that moves to the other store, or comes back, before the archive is searched or after it. */
const move = fc.record({ which: fc.nat(30), when: fc.constantFrom('before', 'after'), back: fc.boolean() })

describe('finding headlines in Redis and in the archive', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>
  let database: Awaited<ReturnType<typeof libsqlDatabase>>
  let archive: Archive
  beforeAll(async () => {
    opened = await openTestStore()
    database = await libsqlDatabase()
    archive = await database.open()
  })
  afterAll(async () => {
    await opened.close()
    await archive.close()
    await database.close()
  })

  it('finds the same headlines as a plain filter, each once, while headlines are moved and come back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 30, size: 'max' }),
        fc.array(wish, { minLength: 1, maxLength: 4, size: 'max' }),
        fc.array(move, { maxLength: 20 }),
        async (lines, wishes, moves) => {
          const store = { ...opened, keys: redisKeys(freshPrefix()) }
          const feed = `f${newId()
            .toLowerCase()
            .replaceAll(/[^a-z0-9]/g, '')}`.slice(0, 20)
          await createTestFeed(store, { id: feed })
          const stored: Stored[] = []
          for (const one of lines) stored.push(await write(store, archive, feed, one))
          const left = [...moves]
          const doMoves = async (when: string) => {
            while (left[0]?.when === when) {
              const { which, back } = left.shift()!
              const { id } = stored[which % stored.length]!
              await (back
                ? bringBack({ store, archive: () => archive }, feed, id)
                : moveOut(store, archive, feed, id))
            }
          }
          const sources: Sources = { store, archive: () => hooked(archive, doMoves) }

          for (const { limit, since, until, ...rest } of wishes) {
            const query: HeadlineQuery = {
              ...rest,
              attention: false,
              words: rest.words.flatMap(indexTerms),
              since: since === undefined ? undefined : stored[since % stored.length]!.ms,
              until: until === undefined ? undefined : stored[until % stored.length]!.ms,
            }
            const found = await allPages(sources, feed, query, limit)
            expect(found).toEqual(expected(query, stored))
          }
        },
      ),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 250) },
    )
  }, 240_000)
})

/** The archive, with moves just before and just after each search. */
function hooked(archive: Archive, doMoves: (when: string) => Promise<void>): Archive {
  return new Proxy(archive, {
    get(target, name) {
      if (name === 'findLines') {
        return async (...args: Parameters<Archive['findLines']>) => {
          await doMoves('before')
          const page = await target.findLines(...args)
          await doMoves('after')
          return page
        }
      }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

async function allPages(sources: Sources, feed: string, query: HeadlineQuery, limit: number) {
  const ids: string[] = []
  let next: ListCursor | undefined
  for (let pages = 0; pages < 200; pages++) {
    const page = await findLines(sources, feed, query, limit, next)
    expect(page.searched).toBe('all')
    expect(page.lines.length).toBeLessThanOrEqual(limit)
    ids.push(...page.lines.map(({ id }) => id))
    if (!page.next) return ids
    next = page.next
  }
  throw new Error('the pages have no end')
}

function expected(
  { statuses, words, author, story, since, until }: HeadlineQuery,
  stored: readonly Stored[],
) {
  return stored
    .filter((one) => statuses.length === 0 || statuses.includes(one.status))
    .filter((one) => words.every((word) => one.words.flatMap(indexTerms).includes(word)))
    .filter((one) => author === undefined || one.person === author)
    .filter((one) => story === undefined || one.story === story)
    .filter(({ ms }) => ms >= (since ?? 0) && ms <= (until ?? Infinity))
    .sort((a, b) => b.ms - a.ms || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id)
}

async function write(store: Store, archive: Archive, feed: string, one: Line): Promise<Stored> {
  const { words, status, person, story, home } = one
  const id = newId()
  const text = words.join(' ')
  const content = contentSchema.parse({ text, ...(story !== undefined && { story }) })
  const act = { by: `user:${person}`, person, name: person }
  const change = {
    feed,
    action: 'save',
    status,
    due: { kind: 'none' },
    content,
    act,
    words: indexTerms(text),
  } as const
  await save(store, publish(id, text, change))
  const ms = Number(await store.redis.zscore(store.keys.feed(feed).headlines, id))
  if (home !== 'redis') await moveOut(store, archive, feed, id)
  if (home === 'both' || home === 'changed') await bringBack({ store, archive: () => archive }, feed, id)
  if (home !== 'changed') return { ...one, id, ms }
  const now = { status: 'draft', words: ['Flood'] } as const
  const other = contentSchema.parse({ text: 'Flood', ...(story !== undefined && { story }) })
  await save(
    store,
    publish(id, 'Flood', {
      ...{ ...change, status: now.status, content: other, words: indexTerms('Flood') },
      expected: 1,
    }),
  )
  return { ...one, ...now, id, ms }
}

async function moveOut(store: Store, archive: Archive, feed: string, id: string): Promise<void> {
  const [read] = await readEndedLines(store, feed, [id])
  if (!read) return
  await archive.write({ lines: [{ feed, ...read }] })
  await removeLines(store, feed, [read])
}
