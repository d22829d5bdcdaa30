import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { keepReceipts } from '../../src/eventlog/receipts.ts'
import { newId, onceOnly, publish, save } from '../support/changes.ts'
import { createTestFeed, freshPrefix, openTestStore } from '../support/redis.ts'

const MINUTE = 60_000
const DAY = 86_400_000
/** Longer than the commands between two reads, and far shorter than an error in a unit. */
const LATE_MS = 20_000

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

async function expectToLast(key: string, ms: number): Promise<void> {
  const left = await store.redis.pttl(key)
  expect(left).toBeLessThanOrEqual(ms)
  expect(left).toBeGreaterThan(ms - LATE_MS)
}

describe('Redis deletes after its time', () => {
  const act = { by: 'key:k1', person: 'u_test', name: 'Wire' }
  const byKey = (text: string) => publish(newId(), text, { act, release: { keyId: 'k1', perMinute: 10 } })

  it('the number of releases by a key, after a minute that later releases do not prolong', async () => {
    const pace = store.keys.feed('en').pace('k1')
    await save(store, byKey('One'))
    await expectToLast(pace, MINUTE)

    await store.redis.pexpire(pace, 5_000)
    await save(store, byKey('Two'))
    expect(await store.redis.get(pace)).toBe('2')
    expect(await store.redis.pttl(pace)).toBeLessThanOrEqual(5_000)
  })

  it('the outcome of a request', async () => {
    await save(store, publish(newId(), 'Line'), { ...onceOnly('a request'), rememberMs: DAY })
    const [key = ''] = await store.redis.keys(`${store.keys.feed('en').once('')}*`)
    await expectToLast(key, DAY)
  })

  it('the text of a headline, when an equal text is allowed again', async () => {
    const duplicate = { hash: 'h', withinMs: 2 * MINUTE }
    await save(store, publish(newId(), 'Line', { duplicate }))
    await expectToLast(store.keys.feed('en').text('h'), 2 * MINUTE)
  })

  it('the receipt of an event, seven days after the last report', async () => {
    const position = 'abcdefgh:1'
    const report = (number: number) =>
      keepReceipts(store, 'en', { gateway: 'g', number, readers: 1, events: [{ position, times: [[0, 1]] }] })
    const key = store.keys.feed('en').receipt(position)
    await report(1)
    await expectToLast(key, 7 * DAY)

    await store.redis.pexpire(key, 5_000)
    await report(2)
    await expectToLast(key, 7 * DAY)
  })
})
