import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { compareAndWrite, type Write } from '../../src/eventlog/store/compare-and-write.ts'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { auditEntryOf } from '../../src/eventlog/audit/read-audit.ts'
import { testAct } from '../support/changes.ts'
import { auditOf } from '../support/log-checks.ts'
import { freshPrefix, openTestStore } from '../support/redis.ts'

let opened: Awaited<ReturnType<typeof openTestStore>>
let store: Store
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(() => {
  store = { ...opened, keys: redisKeys(freshPrefix()) }
})

const audited = { action: 'test', act: testAct }

/** Writes to one field in each of two hashes. */
function pair(expected: string | null, value: string | null): Write[] {
  const { accounts, emails } = store.keys.desk
  return [
    { key: accounts, field: 'a', expected, value },
    { key: emails, field: 'b', expected, value },
  ]
}

function storedValues(): Promise<(string | null)[]> {
  const { accounts, emails } = store.keys.desk
  return Promise.all([store.redis.hget(accounts, 'a'), store.redis.hget(emails, 'b')])
}

it('accepts all writes of one of many writers, and none of the others', async () => {
  const writers = Array.from({ length: 20 }, (_, n) => `writer ${n}`)
  let expected: string | null = null
  for (let round = 0; round < 5; round++) {
    const outcomes = await Promise.all(
      writers.map((writer) => compareAndWrite(store, 'desk', pair(expected, `${writer} ${round}`), audited)),
    )
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1)
    const winner = `${writers[outcomes.indexOf('written')]} ${round}`
    expect(await storedValues()).toEqual([winner, winner])
    expected = winner
  }
  const { entries, faults } = await auditOf(store, 'desk')
  expect(entries).toHaveLength(5)
  expect(faults()).toEqual([])
})

it('writes neither fields nor audit when one of the fields has an unexpected value', async () => {
  await compareAndWrite(store, 'desk', pair(null, 'old'), audited)
  const [first, second] = pair('old', 'new') as [Write, Write]
  const unseen = [
    { ...second, expected: 'older' },
    { ...second, expected: null },
  ]
  for (const other of unseen) {
    expect(await compareAndWrite(store, 'desk', [first, other], audited)).toBe('changed')
    expect(await storedValues()).toEqual(['old', 'old'])
  }
  expect((await auditOf(store, 'desk')).entries).toHaveLength(1)
})

it('deletes fields, distinguishes an empty field from a missing one, and guards unchanged fields', async () => {
  const [first, second] = pair(null, '') as [Write, Write]
  expect(await compareAndWrite(store, 'desk', [first], audited)).toBe('written')
  expect(await compareAndWrite(store, 'desk', [first], audited)).toBe('changed')
  const guard = { ...first, expected: '', value: '' }
  expect(await compareAndWrite(store, 'desk', [guard, { ...second, value: 'x' }], audited)).toBe('written')
  expect(await compareAndWrite(store, 'desk', pair('x', null), audited)).toBe('changed')
  expect(await compareAndWrite(store, 'desk', [{ ...first, expected: '', value: null }], audited)).toBe(
    'written',
  )
  expect(await storedValues()).toEqual([null, 'x'])
})

it('rings the desk and the given channel, and writes the act into the audit', async () => {
  const heard: string[] = []
  const listener = store.redis.duplicate()
  listener.on('message', (channel: string, payload: string) => heard.push(`${channel} ${payload}`))
  await listener.subscribe(store.keys.desk.desk, 'somewhere')
  const detail = { roles: [], note: '"quoted" {braces} émoji 🗞' }
  await compareAndWrite(
    store,
    'desk',
    pair(null, 'x'),
    { ...audited, detail },
    { channel: 'somewhere', payload: 'look' },
  )
  await listener.ping()
  listener.disconnect()

  expect(heard).toEqual([`${store.keys.desk.desk} 1`, 'somewhere look'])
  const { entries } = await auditOf(store, 'desk')
  expect(entries.map(auditEntryOf)).toEqual([
    { n: 1, at: expect.any(String), action: 'test', act: testAct, detail },
  ])
})

it('writes nothing when a key has another type', async () => {
  await store.redis.set(store.keys.desk.emails, 'junk')
  await expect(compareAndWrite(store, 'desk', pair(null, 'x'), audited)).rejects.toThrow(/CONTRACT/)
  expect(await store.redis.hlen(store.keys.desk.accounts)).toBe(0)
  expect((await auditOf(store, 'desk')).entries).toEqual([])
})
