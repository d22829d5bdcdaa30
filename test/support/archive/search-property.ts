import { expect } from '@jest/globals'
import fc from 'fast-check'
import type { Archive, ArchivedLine } from '../../../src/archive/archive.ts'
import { indexTerms } from '../../../src/desk/words.ts'
import type { HeadlineQuery, ListCursor } from '../../../src/eventlog/find-headlines.ts'
import { lineWith, NEW_YEAR } from './lines.ts'

const vocabulary = [
  ...['Bridge', 'closed', 'fire', '1,200', 'U.S', 'état', 'ÉTAT', "o'clock", 'İzmir', 'straße', 'STRASSE'],
  ...[
    'explosión',
    'túnel',
    'niño',
    'عاجل',
    'إصابة',
    'غزّة',
    'الـقدس',
    'القدس',
    'کرکوک',
    'كركوك',
    '٢٠٢٦',
    '2026',
  ],
  ...['กรุงเทพ', 'ไฟไหม้', '地震', '東京', 'मरे', 'ὁδός', 'ΟΔΟΣ', '𞤀𞤣𞤤𞤢𞤥', 'en:w:fire', 'u_Ann', '🔥'],
]
const people = ['u_ann', 'u_Ann', 'u_bob']
const stories = ['bridge', 'fire']
const sections = ['city', 'sport']
const feeds = ['en', 'en-w', 'es']
const endings = ['withdrawn', 'expired', 'discarded'] as const

const ending = fc.record({
  feed: fc.constantFrom(...feeds),
  words: fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 4 }),
  status: fc.constantFrom(...endings),
  authors: fc.uniqueArray(fc.constantFrom(...people), { minLength: 1 }),
  story: fc.option(fc.constantFrom(...stories), { nil: undefined }),
  section: fc.option(fc.constantFrom(...sections), { nil: undefined }),
  at: fc.nat(30),
  /** It is written twice, the first time with other words. */
  corrected: fc.boolean(),
  erased: fc.nat(9).map((n) => n === 0),
})

const wish = fc.record({
  feed: fc.constantFrom(...feeds),
  statuses: fc.uniqueArray(fc.constantFrom(...endings, 'live' as const), { maxLength: 3 }),
  words: fc.array(fc.constantFrom(...vocabulary), { maxLength: 2 }),
  author: fc.option(fc.constantFrom(...people), { nil: undefined }),
  story: fc.option(fc.constantFrom(...stories), { nil: undefined }),
  section: fc.option(fc.constantFrom(...sections), { nil: undefined }),
  since: fc.option(fc.nat(30), { nil: undefined }),
  until: fc.option(fc.nat(30), { nil: undefined }),
  limit: fc.integer({ min: 1, max: 7 }),
})

/** Any lines, any query: the archive finds what a plain filter finds, in the same order, while lines are written. */
export function assertFinds(open: () => Promise<Archive>, numRuns: number): Promise<void> {
  const endings = fc.array(ending, { maxLength: 60 })
  const property = fc.asyncProperty(
    endings,
    fc.array(wish, { minLength: 1, maxLength: 5 }),
    fc.array(ending, { maxLength: 5 }),
    async (first, wishes, later) => {
      const archive = await open()
      const lines = first.map(lineOf)
      await write(archive, first, lines)
      const news = [...later]
      for (const { feed, limit, ...wanted } of wishes) {
        const query = queryOf(wanted)
        const found = await allPages(archive, { feed, query, limit }, async () => {
          const next = news.pop()
          if (next) await archive.write({ lines: [lineOf(next)] })
        })
        const ids = found.map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        const known = ids.filter((id) => lines.some((line) => line.id === id))
        expect(known).toEqual(expected(feed, query, lines))
      }
    },
  )
  return fc.assert(property, { numRuns })
}

type Ending = typeof ending extends fc.Arbitrary<infer T> ? T : never

function lineOf({
  feed,
  words,
  status,
  authors,
  story,
  section,
  at,
  corrected,
  erased,
}: Ending): ArchivedLine {
  const text = words.join(' ')
  return lineWith(text, {
    ...{ feed, status, authors, version: corrected ? 2 : 1, createdAt: NEW_YEAR + at },
    ...(section !== undefined && { section }),
    ...(erased ? { words: [], erased: true } : story !== undefined && { story }),
  })
}

async function write(
  archive: Archive,
  endings: readonly Ending[],
  lines: readonly ArchivedLine[],
): Promise<void> {
  const drafts = lines.filter((_, n) => endings[n]!.corrected)
  const draft = {
    version: 1,
    words: indexTerms('fire bridge عاجل'),
    status: 'withdrawn',
    story: 'fire',
  } as const
  await archive.write({ lines: drafts.map(({ erased: _, ...line }) => ({ ...line, ...draft })) })
  const whole = lines.filter(({ erased }) => !erased)
  await archive.write({ lines: whole })
  for (const [n, line] of lines.entries()) {
    if (!line.erased) continue
    const words = indexTerms(endings[n]!.words.join(' '))
    const { erased: _, ...before } = line
    await archive.write({ lines: [{ ...before, words, story: 'bridge' }] })
    expect(await archive.eraseWords(line.feed, [line.id])).toBe(1)
  }
}

function queryOf({ since, until, words, ...wanted }: Omit<HeadlineQuery, 'attention'>): HeadlineQuery {
  return {
    ...wanted,
    words: indexTerms(words.join(' ')),
    attention: false,
    ...(since !== undefined && { since: NEW_YEAR + since }),
    ...(until !== undefined && { until: NEW_YEAR + until }),
  }
}

function expected(feed: string, query: HeadlineQuery, lines: readonly ArchivedLine[]): string[] {
  const { statuses, words, author, story, section, since = -Infinity, until = Infinity } = query
  return lines
    .filter((line) => line.feed === feed)
    .filter(({ status }) => statuses.length === 0 || statuses.includes(status))
    .filter((line) => words.every((word) => line.words.includes(word)))
    .filter(({ authors }) => author === undefined || authors.includes(author))
    .filter((line) => story === undefined || line.story === story)
    .filter((line) => section === undefined || line.section === section)
    .filter(({ createdAt }) => createdAt >= since && createdAt <= until)
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id)
}

interface Pages {
  readonly feed: string
  readonly query: HeadlineQuery
  readonly limit: number
}

async function allPages(
  archive: Archive,
  { feed, query, limit }: Pages,
  between: () => Promise<void>,
): Promise<ListCursor[]> {
  const all: ListCursor[] = []
  let next: ListCursor | undefined
  do {
    const page = await archive.findLines(feed, query, limit, next)
    expect(page.found.length).toBeLessThanOrEqual(limit)
    all.push(...page.found)
    next = page.next
    await between()
  } while (next)
  return all
}
