import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { existingFeedOf, feedIdOf } from '../../../../src/api/http/path-parameters.ts'
import { readQuery } from '../../../../src/api/http/read-query.ts'
import type { Call } from '../../../../src/api/http/route.ts'
import { z } from 'zod'
import { createTestFeed, openTestStore } from '../../../support/redis.ts'

let store: Awaited<ReturnType<typeof openTestStore>>
beforeAll(async () => {
  store = await openTestStore()
  await createTestFeed(store)
})
afterAll(() => store.close())

const call = (params: Record<string, string>, query: Record<string, unknown> = {}) =>
  ({ params, query }) as unknown as Call<unknown>

describe('the feed of a path', () => {
  it.each(['en', 'a', 'sport-2', 'x'.repeat(32)])('may be %s', (feed) => {
    expect(feedIdOf(call({ feed }))).toBe(feed)
  })

  it.each(['', 'EN', 'en}', '{en}', 'a b', '../en', '*', '@desk', 'desk', 'x'.repeat(33), '-en', 'é'])(
    'is none where it reads %j',
    (feed) => {
      expect(() => feedIdOf(call({ feed }))).toThrow('no-such-feed')
    },
  )

  it('is the one that is there, or none', async () => {
    expect(await existingFeedOf(store, call({ feed: 'en' }))).toBe('en')
    await expect(existingFeedOf(store, call({ feed: 'nn' }))).rejects.toThrow('no-such-feed')
  })
})

describe('a query', () => {
  const schema = z.object({ limit: z.coerce.number().int().max(10), 'a/b': z.string().optional() })

  it('is read as its schema says', () => {
    expect(readQuery(schema, call({}, { limit: '7' }))).toEqual({ limit: 7 })
  })

  it('that does not fit names each parameter', () => {
    const read = () => readQuery(schema, call({}, { limit: '11', 'a/b': ['1', '2'] }))
    expect(read).toThrow('invalid-query')
    try {
      read()
    } catch (error) {
      expect(error).toMatchObject({ extra: { detail: expect.stringMatching(/^limit: .+; a~1b: .+$/) } })
    }
  })
})
