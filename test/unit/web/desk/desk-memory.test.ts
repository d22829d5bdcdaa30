import { afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals'
import { environmentManager, QueryClient, QueryObserver } from '@tanstack/react-query'
import { forgetRecords, MOST_RECORDS } from '../../../../web/desk/lines/forget-records.ts'
import type { DeskHeadline } from '../../../../web/desk/lines/headline.ts'
import { MOST_ALONE, withLines, type Lists } from '../../../../web/desk/lines/lists.ts'
import { readAgainAfter, type ReadData } from '../../../../web/desk/platform/read-again-after.ts'

const nothing: Lists = { headlines: [], hasMore: false, readAlone: new Map(), readAt: 0 }

function line(id: string, facts: Partial<DeskHeadline>): DeskHeadline {
  return { id, version: 1, status: 'draft', createdAt: '2026-11-22T20:00:00Z', ...facts }
}

it('holds no more lines after a thousand events than after a few hundred, and all that wait', () => {
  let lists = withLines(nothing, [line('a draft', {})], 0)
  for (let n = 0; n < 1_000; n++) {
    lists = withLines(lists, [line(`${n}`, { status: 'due' })], n)
    lists = withLines(lists, [line(`${n}`, { status: 'live', version: 2 })], n)
  }
  expect(lists.headlines).toHaveLength(MOST_ALONE + 1)
  expect(lists.readAlone.size).toBe(MOST_ALONE)
  expect(lists.headlines.map(({ id }) => id)).toEqual(expect.arrayContaining(['a draft', '999']))
})

it('keeps a line that was just read in the place of its older version', () => {
  const lists = withLines(nothing, [line('one', {}), line('two', { version: 2 })], 0)
  const read = withLines(lists, [line('one', { version: 2 }), line('two', {}), line('new', {})], 1)
  expect(read.headlines.map(({ id, version }) => `${id} ${version}`)).toEqual(['new 1', 'one 2', 'two 2'])
})

it('forgets the oldest records of lines, but none that shows', () => {
  const queries = new QueryClient()
  const shown = new QueryObserver(queries, { queryKey: ['headline', 'en', 'shown'], staleTime: Infinity })
  queries.setQueryData(['headline', 'en', 'shown'], {}, { updatedAt: 1 })
  const stop = shown.subscribe(() => undefined)
  for (let n = 0; n < 500; n++) {
    queries.setQueryData(['headline', 'en', `${n}`], {}, { updatedAt: n + 2 })
    forgetRecords(queries, 'en')
  }
  const ids = queries
    .getQueryCache()
    .findAll({ queryKey: ['headline', 'en'] })
    .map(({ queryKey }) => queryKey.at(-1))
  expect(ids).toHaveLength(MOST_RECORDS + 1)
  expect(ids).toEqual(expect.arrayContaining(['shown', '499', `${500 - MOST_RECORDS}`]))
  stop()
  queries.clear()
})

// The query library sets no timers on a server.
beforeAll(() => environmentManager.setIsServer(() => false))
beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

it('reads a list again after a minute, although events change it each second', async () => {
  const queries = new QueryClient()
  const queryKey = ['headlines', 'en']
  let readings = 0
  const observer = new QueryObserver<ReadData>(queries, {
    queryKey,
    queryFn: () => {
      readings++
      return { readAt: Date.now() }
    },
    refetchInterval: readAgainAfter(60_000),
  })
  const stop = observer.subscribe(() => undefined)
  for (let second = 0; second < 150; second++) {
    await jest.advanceTimersByTimeAsync(1_000)
    queries.setQueryData<ReadData>(queryKey, (now) => now && { ...now })
  }
  expect(readings).toBe(3)
  stop()
  queries.clear()
})
