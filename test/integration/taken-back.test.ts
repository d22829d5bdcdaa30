import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { readTakenBack } from '../../src/eventlog/read-taken-back.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { correct, expire, hold, newId, publish, resume, save, withdraw } from '../support/changes.ts'
import { createTestFeed, freshPrefix, openTestStore } from '../support/redis.ts'

const DAY_MS = 86_400_000

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

async function released(change: Parameters<typeof save>[1]): Promise<string> {
  await save(store, change)
  await releaseDue(store, 'en')
  return change.id
}

/** Status and version by headline. */
async function known(): Promise<Record<string, string>> {
  const lines = await readTakenBack(store, 'en')
  return Object.fromEntries(lines.map(({ id, status, version }) => [id, `${status} ${version}`]))
}

/** Writes a withdrawal of some days ago. */
async function withdrawnBefore(days: number, id = newId()): Promise<string> {
  const at = new Date(Date.now() - days * DAY_MS).toISOString()
  const line = { id, version: 2, status: 'withdrawn', place: 1, publishedAt: at, updatedAt: at }
  await store.redis.hset(store.keys.feed('en').takenBack, id, JSON.stringify(line))
  return id
}

describe('the index of headlines that were taken back', () => {
  it('has a headline from its hold or withdrawal on, with the times and none of the words', async () => {
    const [held, gone] = [await released(publish(newId(), 'Words of one')), newId()]
    await released(publish(gone, 'Words of another'))
    expect(await known()).toEqual({})
    await released(hold(held))
    await released(withdraw(gone))
    expect(await known()).toEqual({ [held]: 'held 2', [gone]: 'withdrawn 2' })
    expect(JSON.stringify(await store.redis.hvals(store.keys.feed('en').takenBack))).not.toContain('Words')
  })

  it('keeps a resumed headline as live, and forgets it with its end', async () => {
    const id = await released(publish(newId(), 'A line'))
    await released(hold(id))
    await released(resume(id, 2))
    await released(correct(id, 3, 'A better line'))
    expect(await known()).toEqual({ [id]: 'live 3' })
    await released(expire(id, 4))
    expect(await known()).toEqual({})
  })

  it('has no headline that readers have never had', async () => {
    const id = newId()
    await save(store, publish(id, 'Not yet', { dueAt: Date.now() + DAY_MS }))
    await released(withdraw(id))
    expect(await known()).toEqual({})
  })

  it('forgets a withdrawal after 30 days, when the next one comes, and no hold', async () => {
    const held = await released(publish(newId(), 'Held'))
    await released(hold(held))
    const [old, recent] = [await withdrawnBefore(31), await withdrawnBefore(29)]
    const id = await released(publish(newId(), 'Gone'))
    expect(Object.keys(await known())).toContain(old)
    await released(withdraw(id))
    expect(Object.keys(await known()).sort()).toEqual([held, recent, id].sort())
  })

  it('keeps the newest thousand', async () => {
    const oldest = await withdrawnBefore(3)
    for (let n = 0; n < 999; n++) await withdrawnBefore(2)
    const id = await released(publish(newId(), 'Gone'))
    await released(withdraw(id))
    const ids = Object.keys(await known())
    expect([ids.length, ids.includes(oldest), ids.includes(id)]).toEqual([1_000, false, true])
  })

  it('may have a damaged record: it is left out, and nothing else suffers', async () => {
    const { takenBack } = store.keys.feed('en')
    await store.redis.hset(takenBack, { a: 'no json', b: '{"status":"withdrawn"}', c: '7' })
    const id = await released(publish(newId(), 'Gone'))
    await released(withdraw(id))
    expect(await known()).toEqual({ [id]: 'withdrawn 2' })
  })
})
