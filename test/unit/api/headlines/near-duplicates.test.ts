import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  equalTextProblem,
  matchOfSubmitted,
  refuseNearDuplicate,
} from '../../../../src/api/headlines/near-duplicates.ts'
import { eventOf, readAfter } from '../../../../src/eventlog/read-log.ts'
import { releaseDue } from '../../../../src/eventlog/release-due.ts'
import { redisKeys } from '../../../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../../../src/eventlog/store/store.ts'
import { correct, newId, publish, save, undo, withdraw } from '../../../support/changes.ts'
import { createTestFeed, freshPrefix, openTestStore } from '../../../support/redis.ts'

const TEXT = 'Tarrow Bridge closed after crack is found'
const NEARLY = 'Tarrow Bridge closed after cracks found'

let opened: Awaited<ReturnType<typeof openTestStore>>
let store: Store
let id: string
let publishedAt: number
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(async () => {
  store = { ...opened, keys: redisKeys(freshPrefix()) }
  await createTestFeed(store)
  id = newId()
  await save(store, publish(id, TEXT))
  await releaseDue(store, 'en')
  const [entry] = await readAfter(store, 'en', 0, 1)
  publishedAt = Date.parse(eventOf(entry!).at)
})

const post = (text: string, { as = newId(), since = 0, feed = 'en' } = {}) =>
  refuseNearDuplicate(store, { feed, id: as, text, sinceMs: since })

describe('a text that is nearly equal to that of a headline that shows', () => {
  it('is refused with the headline that it is like', async () => {
    await expect(post(NEARLY)).rejects.toMatchObject({
      code: 'duplicate-headline',
      extra: { match: { id, status: 'live', text: TEXT } },
    })
  })

  it('passes where that one was released before the time, to the millisecond', async () => {
    await expect(post(NEARLY, { since: publishedAt })).rejects.toThrow('duplicate-headline')
    await expect(post(NEARLY, { since: publishedAt + 1 })).resolves.toEqual(expect.any(Number))
  })

  it('passes for that headline itself, in another feed, and when that one is gone', async () => {
    await expect(post(NEARLY, { as: id })).resolves.toEqual(expect.any(Number))
    await createTestFeed(store, { id: 'ar' })
    await expect(post(NEARLY, { feed: 'ar' })).resolves.toEqual(expect.any(Number))
    await save(store, withdraw(id))
    await releaseDue(store, 'en')
    await expect(post(NEARLY)).resolves.toEqual(expect.any(Number))
  })

  it('is refused while that one waits for its time, whenever it was accepted', async () => {
    const due = newId()
    await save(store, publish(due, 'Airport shut by fog', { dueAt: Date.now() + 3_600_000 }))

    await expect(post('BREAKING: Airport shut by fog', { since: Date.now() })).rejects.toMatchObject({
      extra: { match: { id: due, status: 'due', text: 'Airport shut by fog' } },
    })
    await save(store, undo(due, 1))
    await expect(post('BREAKING: Airport shut by fog')).resolves.toEqual(expect.any(Number))
  })

  it('passes with the number of headlines that were accepted for a first release', async () => {
    expect(await post('Other news')).toBe(1)
    await save(store, correct(id, 1, 'Tarrow Bridge open'))
    await releaseDue(store, 'en')
    expect(await post('Other news')).toBe(1)
    await save(store, publish(newId(), 'One more'))
    expect(await post('Other news')).toBe(2)
  })

  it('is no text that says something else', async () => {
    await expect(post('Tarrow Bridge open again')).resolves.toEqual(expect.any(Number))
  })
})

it('a text that is equal is told with the headline as it stands, whether it shows or not', async () => {
  expect(await equalTextProblem(store, 'en', id)).toMatchObject({
    code: 'duplicate-headline',
    extra: { match: { id, status: 'live', text: TEXT } },
  })
  const due = newId()
  await save(store, publish(due, 'Later', { dueAt: Date.now() + 3_600_000 }))
  expect((await equalTextProblem(store, 'en', due)).extra).toEqual({
    match: { id: due, status: 'due', text: 'Later' },
  })
})

it('a submitted text has the match that shows, waits or was submitted, and not itself', async () => {
  const submitted = (headline: string, text: string) =>
    save(store, {
      ...publish(headline, text),
      action: 'submit',
      status: 'pending',
      due: { kind: 'none' },
    })
  const [first, second, third] = [newId(), newId(), newId()]
  await submitted(first, NEARLY)
  await submitted(second, 'Airport shut by fog')
  const matchOf = (headline: string) => matchOfSubmitted(store, { feed: 'en', id: headline, sinceMs: 0 })

  expect(await matchOf(first)).toMatchObject({ id, status: 'live', text: TEXT })
  expect(await matchOf(second)).toBeUndefined()
  await submitted(third, 'Airport shut by fog!')
  expect(await matchOf(second)).toEqual({ id: third, status: 'pending', text: 'Airport shut by fog!' })
  expect(await matchOf(newId())).toBeUndefined()
})
