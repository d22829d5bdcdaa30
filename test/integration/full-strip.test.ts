import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { eventOf, readAfter } from '../../src/eventlog/read-log.ts'
import { readHeadline } from '../../src/eventlog/read-headline.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { correct, expire, hold, newId, pin, publish, resume, save, withdraw } from '../support/changes.ts'
import { createTestFeed, freshPrefix, openTestStore } from '../support/redis.ts'

let opened: Awaited<ReturnType<typeof openTestStore>>
let store: Store
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(async () => {
  store = { ...opened, keys: redisKeys(freshPrefix()) }
  await createTestFeed(store, { stripLimit: 2 })
})

async function live(text: string): Promise<string> {
  const id = newId()
  await save(store, publish(id, text))
  await releaseDue(store, 'en')
  return id
}

/** Operation, version and headline of all events after a seq. */
async function releasedAfter(seq: number): Promise<[string, number, string][]> {
  const events = (await readAfter(store, 'en', seq, 100)).map(eventOf)
  return events.map(({ op, headline }) => [op, headline.version, headline.id])
}

async function shown(): Promise<string[]> {
  return (await store.redis.hkeys(store.keys.feed('en').strip)).sort()
}

describe('a full strip', () => {
  it('expires its oldest headline when a new one is published, with the reason', async () => {
    const [oldest, kept] = [await live('One'), await live('Two')]
    const next = await live('Three')
    expect(await releasedAfter(2)).toEqual([
      ['publish', 1, next],
      ['expire', 2, oldest],
    ])
    expect(await readHeadline(store, 'en', oldest)).toMatchObject({
      status: 'expired',
      versions: [{}, { act: { by: 'flashline', reason: 'strip-full' } }],
    })
    expect(await shown()).toEqual([kept, next].sort())
  })

  it('expires no headline while it is exactly full', async () => {
    const both = [await live('One'), await live('Two')]
    expect(await shown()).toEqual([...both].sort())
    expect(await releasedAfter(2)).toEqual([])
  })

  it('removes a headline once when its accepted expiry is released together with a new headline', async () => {
    const [oldest, kept] = [await live('One'), await live('Two')]
    const next = newId()
    await save(store, publish(next, 'Three'))
    await save(store, expire(oldest, 1))
    await releaseDue(store, 'en')

    expect(await releasedAfter(2)).toEqual([
      ['publish', 1, next],
      ['expire', 2, oldest],
    ])
    expect(await readHeadline(store, 'en', oldest)).toMatchObject({
      status: 'expired',
      version: 2,
      versions: [{}, { action: 'expire', act: { by: 'user:u_test' } }],
    })
    expect(await shown()).toEqual([kept, next].sort())
  })

  it.each([
    ['withdrawal', withdraw, 'withdraw'],
    ['hold', hold, 'hold'],
  ])('expires no headline besides the one that a %s removes', async (_what, act, op) => {
    const [oldest, kept] = [await live('One'), await live('Two')]
    const next = newId()
    await save(store, publish(next, 'Three'))
    await save(store, act(oldest))
    await releaseDue(store, 'en')

    expect(await releasedAfter(2)).toEqual([
      [op, 2, oldest],
      ['publish', 1, next],
    ])
    expect(await shown()).toEqual([kept, next].sort())
  })

  it('expires its oldest headline when a held one is resumed', async () => {
    const [held, oldest] = [await live('One'), await live('Two')]
    await save(store, hold(held))
    await releaseDue(store, 'en')
    const third = await live('Three')
    await save(store, resume(held, 2))
    await releaseDue(store, 'en')

    // The resumed headline has its old place, so it is the oldest one again.
    expect(await releasedAfter(4)).toEqual([
      ['resume', 3, held],
      ['expire', 4, held],
    ])
    expect(await shown()).toEqual([oldest, third].sort())
  })

  it('expires no headline for a correction or a pin', async () => {
    const [first, second] = [await live('One'), await live('Two')]
    await save(store, correct(first, 1, 'One, corrected'))
    await save(store, pin(second, 1))
    await releaseDue(store, 'en')
    expect(await releasedAfter(2)).toEqual([
      ['correct', 2, first],
      ['pin', 2, second],
    ])
    expect(await shown()).toEqual([first, second].sort())
  })
})
