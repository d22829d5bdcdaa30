import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { redisKeys } from '../../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../../src/eventlog/store/store.ts'
import { change } from '../../../src/people/change.ts'
import { actBy, flashline } from '../../../src/people/principal.ts'
import { Records } from '../../../src/people/records.ts'
import { hashOf, isSecretOf } from '../../../src/people/secrets.ts'
import { UnavailableError } from '../../../src/platform/errors.ts'
import { readAudit } from '../../support/desk-audit.ts'
import { freshPrefix, openTestStore } from '../../support/redis.ts'

const schema = z.object({ id: z.string(), count: z.int() })
const audit = { action: 'counted', act: actBy(flashline) }

let opened: Awaited<ReturnType<typeof openTestStore>>
let store: Store
let records: Records<z.output<typeof schema>>
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(() => {
  store = { ...opened, keys: redisKeys(freshPrefix()) }
  records = new Records(store, store.keys.desk.accounts, schema)
})

function add(id: string, count = 0) {
  return change(store, () => ({ writes: [records.add({ id, count })], audit, result: 'added' }))
}

/** A change that adds one to the record's count. `between` runs after the record is read. */
function count(id: string, between: () => Promise<unknown> = () => Promise.resolve()) {
  let looks = 0
  return change(store, async () => {
    looks++
    const seen = await records.read(id)
    await between()
    if (!seen) return 'gone'
    const next = { id, count: seen.record.count + 1 }
    return { writes: [records.replace(seen, next)], audit, result: { looks } }
  })
}

describe('a change', () => {
  it('is written once, with one entry in the audit', async () => {
    await add('a')
    expect(await count('a')).toEqual({ looks: 1 })
    expect((await records.read('a'))?.record).toEqual({ id: 'a', count: 1 })
    expect(await readAudit(store)).toHaveLength(2)
  })

  it('is decided again when another change was written meanwhile, and neither is lost', async () => {
    await add('a')
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => count('a')))
    expect(outcomes).not.toContain('gone')
    expect((await records.read('a'))?.record.count).toBe(4)
    expect(await readAudit(store)).toHaveLength(5)
  })

  it('is refused without a write and an entry', async () => {
    expect(await count('a')).toBe('gone')
    expect(await records.list()).toEqual([])
    expect(await readAudit(store)).toEqual([])
  })

  it('gives up after eight tries when the record changes at each of them', async () => {
    await add('a')
    let others = 0
    const overtaken = count('a', async () => {
      others++
      await count('a')
    })
    await expect(overtaken).rejects.toBeInstanceOf(UnavailableError)
    expect(others).toBe(8)
    expect((await records.read('a'))?.record.count).toBe(8)
  })

  it('adds no existing record, removes no changed record, and fails when its guard has changed', async () => {
    await add('a')
    await expect(add('a')).rejects.toBeInstanceOf(UnavailableError)
    const old = (await records.read('a'))!
    await count('a')
    const writeOnce = (write: Parameters<typeof attempt>[0]) => attempt(write)
    async function attempt(write: ReturnType<typeof records.remove>) {
      let tries = 0
      return change(store, () => (tries++ === 0 ? { writes: [write], audit, result: 'done' } : 'changed'))
    }
    expect(await writeOnce(records.remove(old))).toBe('changed')
    expect(await writeOnce(records.guard(old))).toBe('changed')
    const now = (await records.read('a'))!
    expect(await writeOnce(records.guard(now))).toBe('done')
    expect((await records.read('a'))?.record.count).toBe(1)
    expect(await writeOnce(records.remove(now))).toBe('done')
    expect(await records.read('a')).toBeUndefined()
  })

  it('writes all of its fields or none', async () => {
    await add('a')
    let tries = 0
    const outcome = await change(store, () =>
      tries++ === 0
        ? {
            writes: [records.add({ id: 'b', count: 1 }), records.add({ id: 'a', count: 1 })],
            audit,
            result: 'done',
          }
        : 'changed',
    )
    expect(outcome).toBe('changed')
    expect((await records.list()).map(({ record }) => record)).toEqual([{ id: 'a', count: 0 }])
  })
})

it('a secret matches its own hash only, and never a missing hash', () => {
  expect(isSecretOf('one', hashOf('one'))).toBe(true)
  expect(isSecretOf('two', hashOf('one'))).toBe(false)
  expect(isSecretOf('', undefined)).toBe(false)
  expect(isSecretOf('one', undefined)).toBe(false)
  expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
