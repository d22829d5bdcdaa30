import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { walkAudit } from '../../src/eventlog/audit/walk-audit.ts'
import { flagSiblings } from '../../src/eventlog/flag-siblings.ts'
import { readHeadline } from '../../src/eventlog/read-headline.ts'
import { readAfter, readHeads } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { contentSchema } from '../../src/protocol/headline.ts'
import { correct, hold, newId, publish, save, testAct, withdraw } from '../support/changes.ts'
import { createTestFeed, openPolicy, openTestStore } from '../support/redis.ts'

/** The keys whose values scripts encode. */
const encodedKeys = ['states', 'changes', 'storyTodo', 'frozenKeys'] as const

let store: Awaited<ReturnType<typeof openTestStore>>
beforeAll(async () => {
  store = await openTestStore()
  await createTestFeed(store, {}, { ...openPolicy, releasesPerMinute: 1 })
})
afterAll(() => store.close())

/** Writes every value that a script has encoded as another server may: with its members in another order. */
async function moveToAnotherServer(): Promise<number> {
  let changed = 0
  for (const name of encodedKeys) {
    const key = store.keys.feed('en')[name]
    for (const [field, json] of Object.entries(await store.redis.hgetall(key))) {
      const moved = JSON.stringify(backwards(JSON.parse(json)))
      if (moved !== json) changed++
      await store.redis.hset(key, field, moved)
    }
  }
  return changed
}

function backwards(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, backwards(inner)]),
  )
}

it('a log and an audit stay whole on a server that orders the members of JSON in another way', async () => {
  const [held, withdrawn, late] = [newId(), newId(), newId()]
  const key = { ...testAct, by: 'key:k_test' }
  const release = { keyId: 'k_test', perMinute: 1 }
  const inStory = contentSchema.parse({ text: 'In a story', story: 'harbour' })
  await save(store, publish(held, 'Harbour closed', { content: inStory, act: key, release }))
  await save(store, publish(withdrawn, 'Bridge closed'))
  await releaseDue(store, 'en')
  expect(await save(store, publish(newId(), 'Too fast', { act: key, release }))).toEqual({
    kind: 'key-frozen',
  })
  await save(store, publish(late, 'Waits', { dueAt: Date.now() + 3_600_000 }))
  await save(store, correct(held, 1, 'Harbour open', { content: { ...inStory, text: 'Harbour open' } }))
  await save(store, withdraw(withdrawn))

  expect(await moveToAnotherServer()).toBeGreaterThan(5)
  await releaseDue(store, 'en')
  await flagSiblings(store, 'en')
  await save(store, hold(held))
  await moveToAnotherServer()
  await releaseDue(store, 'en')

  expect((await walkAudit(store, 'en')).fault).toBeUndefined()
  const [head] = await readHeads(store, ['en'])
  const entries = await readAfter(store, 'en', 0, 100)
  let chain = createHash('sha1')
    .update(head?.epoch ?? '')
    .digest('hex')
  for (const entry of entries) {
    chain = createHash('sha1')
      .update(chain + entry.json)
      .digest('hex')
    expect(entry.chain).toBe(chain)
  }
  expect(head).toMatchObject({ seq: 5, chain })
  expect(await readHeadline(store, 'en', late)).toMatchObject({ status: 'due', version: 1 })
  expect(await readHeadline(store, 'en', held)).toMatchObject({ status: 'held', version: 3 })
})
