import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { readEndedLines } from '../../src/eventlog/ended/read-ended-lines.ts'
import { removeLines } from '../../src/eventlog/ended/remove-lines.ts'
import { returnLine } from '../../src/eventlog/ended/return-line.ts'
import { readAuditBase, trimAudit, trimLog } from '../../src/eventlog/ended/trim.ts'
import { findLostActs } from '../../src/eventlog/audit/find-lost-acts.ts'
import { readAudit, readAuditHead } from '../../src/eventlog/audit/read-audit.ts'
import { keepReceipts } from '../../src/eventlog/receipts.ts'
import { readAfter } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { contentSchema } from '../../src/protocol/headline.ts'
import { correct, expire, hold, newId, publish, save, withdraw } from '../support/changes.ts'
import { createTestFeed, openTestStore } from '../support/redis.ts'

let store: Awaited<ReturnType<typeof openTestStore>>
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

let feeds = 0
let feed = ''
beforeEach(async () => {
  feed = `f-${++feeds}`
  await createTestFeed(store, { id: feed })
})

const words = ['two', 'bridge']
const content = contentSchema.parse({ text: 'Two on the bridge', story: 'bridge', section: 'city' })

/** A released headline with a story, index terms and a receipt. */
async function released(): Promise<string> {
  const id = newId()
  await save(store, publish(id, '-', { feed, content, words }))
  await release()
  const [event] = (await readAfter(store, feed, 0, 1_000)).slice(-1)
  const { position } = JSON.parse(event?.json ?? '') as { position: string }
  await keepReceipts(store, feed, {
    ...{ gateway: 'g1', number: 1, readers: 3 },
    events: [{ position, times: [[1, 3]] }],
  })
  return id
}

async function ended(): Promise<string> {
  const id = await released()
  await save(store, { ...withdraw(id), feed })
  await release()
  return id
}

const release = () => releaseDue(store, feed)
const readOne = async (id: string) => (await readEndedLines(store, feed, [id]))[0]

/** Every key of the feed with its content; log and audit, which are not the headline's own, left out. */
async function dump(): Promise<Record<string, unknown>> {
  const { redis, prefix } = store
  const start = `${prefix}:{${feed}}:`
  const names = (await redis.keys(`${start}*`)).filter(
    (name) => !/:(log|audit|once:|head|audit-head)/.test(name),
  )
  const found = await Promise.all(
    names.sort().map(async (name) => {
      const kind = await redis.type(name)
      const value =
        kind === 'zset'
          ? await redis.zrange(name, '0', '-1', 'WITHSCORES')
          : kind === 'hash'
            ? await redis.hgetall(name)
            : await redis.get(name)
      return [name.slice(start.length), value] as const
    }),
  )
  return Object.fromEntries(found)
}

describe('an ended headline', () => {
  it('leaves its id without its words in Redis for 30 days, and nothing else', async () => {
    const before = await dump()
    const id = await ended()
    const line = await readOne(id)
    expect(line).toMatchObject({ id, status: 'withdrawn', version: 2, story: 'bridge', section: 'city' })
    expect(line).toMatchObject({ authors: ['u_test'], words })
    expect(Object.keys(line!.stored.receipts)).toHaveLength(1)
    expect(await removeLines(store, feed, [line!])).toEqual([id])
    const storyTodo = 'story-todo'
    const takenBack = 'taken-back'
    const { [storyTodo]: _, [takenBack]: index, ...left } = await dump()
    expect(left).toEqual(before)
    expect(Object.keys(index as object)).toEqual([id])
    expect(JSON.stringify(index)).not.toContain('bridge')
  })

  it('comes back as it was; only the time of its return is new', async () => {
    const id = await ended()
    const { ...before } = await dump()
    const line = (await readOne(id))!
    await removeLines(store, feed, [line])
    expect(await returnLine(store, feed, line)).toBe('returned')
    expect(await returnLine(store, feed, line)).toBe('present')
    const after = await dump()
    const states = after.states as Record<string, string>
    const { returned, ...state } = JSON.parse(states[id]!) as { returned: number }
    expect(returned).toBeGreaterThan(1_600_000_000_000)
    expect(state).toEqual(JSON.parse((before.states as Record<string, string>)[id]!))
    const own = (all: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(all).filter(([name]) => name !== 'states' && !name.startsWith('receipt:')),
      )
    expect(own(after)).toEqual(own(before))
    expect((await readOne(id))!.endedAt).toBe(returned)
  })

  it('stays where it has changed since it was read', async () => {
    const id = await ended()
    const line = (await readOne(id))!
    await save(store, {
      ...withdraw(id, { action: 'attended', due: { kind: 'none' } }),
      allowed: ['withdrawn'],
      feed,
    })
    const before = await dump()
    expect(await removeLines(store, feed, [line])).toEqual([])
    expect(await dump()).toEqual(before)
  })

  it('stays alone where others of the same story, words and author leave', async () => {
    const before = await dump()
    const ids = [await ended(), await ended(), await ended(), await ended(), await ended()]
    const lines = await readEndedLines(store, feed, ids)
    const changed = ids[2]!
    const attend = withdraw(changed, { action: 'attended', due: { kind: 'none' } })
    await save(store, { ...attend, allowed: ['withdrawn'], feed })
    expect(await removeLines(store, feed, lines)).toEqual(ids.filter((id) => id !== changed))
    const { ...left } = await dump()
    expect(Object.keys(left.states as object)).toEqual([changed])
    expect((await readOne(changed))?.stored.versions).toMatchObject({ words: 'two bridge' })
    for (const index of [
      'word:two',
      'word:bridge',
      'author:u_test',
      'story:bridge',
      'status:withdrawn',
      'lines',
    ])
      expect((left[index] as string[])[0]).toBe(changed)
    expect(await removeLines(store, feed, [(await readOne(changed))!])).toEqual([changed])
    const storyTodo = 'story-todo'
    const takenBack = 'taken-back'
    const { [storyTodo]: _, [takenBack]: __, ...nothing } = await dump()
    expect(nothing).toEqual(before)
  })

  it('stays while readers do not know of its end', async () => {
    const id = await released()
    await save(store, { ...withdraw(id), feed })
    expect(await readOne(id)).toBeUndefined()
    await release()
    expect(await readOne(id)).toBeDefined()
  })

  it('stays after a hold while the withdrawal waits', async () => {
    const id = await released()
    await save(store, { ...hold(id), feed })
    await release()
    await save(store, { ...withdraw(id), feed })
    expect(await readOne(id)).toBeUndefined()
  })

  it('is one whatever its end: expired, or rejected before its release', async () => {
    const shown = await released()
    await save(store, { ...expire(shown, 1), feed })
    await release()
    expect(await readOne(shown)).toMatchObject({ status: 'expired' })
    const draft = newId()
    await save(
      store,
      publish(draft, 'A draft', { feed, action: 'save', status: 'draft', due: { kind: 'none' } }),
    )
    expect(await readOne(draft)).toBeUndefined()
    await save(store, {
      ...expire(draft, 1),
      action: 'reject',
      allowed: [],
      status: 'rejected',
      due: { kind: 'none' },
      feed,
    })
    expect(await readOne(draft)).toMatchObject({ status: 'rejected', version: 2 })
  })

  it.each(['live', 'held'])('is not one that is %s', async (status) => {
    const id = await released()
    if (status === 'held') await save(store, { ...hold(id), feed })
    else await save(store, { ...correct(id, 1, 'Three'), feed })
    await release()
    expect(await readOne(id)).toBeUndefined()
  })

  it('leaves and comes back with thousands of versions', async () => {
    const version = 2_500
    const id = await ended()
    const keys = store.keys.feed(feed)
    const state = JSON.parse((await store.redis.hget(keys.states, id))!) as object
    await store.redis.hset(keys.states, id, JSON.stringify({ ...state, version }))
    const second = (await store.redis.hget(keys.versions, `${id}:2`))!
    for (let n = 3; n <= version; n++)
      await store.redis.hset(keys.versions, [`${id}:${n}`, second, `${id}:${n}:content`, '{}'])
    await store.redis.hset(keys.versions, `${id}:${version}:position`, 'e1:9')
    const before = (await dump()).versions

    const line = (await readOne(id))!
    expect(line.version).toBe(version)
    expect(await removeLines(store, feed, [line])).toEqual([id])
    expect(await returnLine(store, feed, line)).toBe('returned')
    expect((await dump()).versions).toEqual(before)
  })

  it('is left out, and named, where its record is damaged', async () => {
    const id = await ended()
    await store.redis.hset(store.keys.feed(feed).states, id, '{')
    expect(await readOne(id)).toBeUndefined()
    expect(store.faults.count('record')).toBe(1)
    store.faults.mended('record', `${store.keys.feed(feed).states} ${id}`)
  })
})

describe('what the archive holds is trimmed', () => {
  it('from the audit up to a moment, and no act counts as lost for that', async () => {
    await ended()
    const head = await readAuditHead(store, feed)
    const all = await readAudit(store, feed, 0, 100)
    const { at } = JSON.parse(all[2]!.json) as { at: string }
    // Entries of one millisecond may be several.
    const older = all.filter(({ json }) => (JSON.parse(json) as { at: string }).at < at)
    expect(await trimAudit(store, feed, head.n, Date.parse(at))).toBe(older.length)
    expect(await trimAudit(store, feed, head.n, Infinity)).toBe(all.length - older.length)
    expect(await readAudit(store, feed, 0, 100)).toEqual([])
    expect(await readAuditBase(store, feed)).toEqual({ ...head, gone: 0 })
    expect(await findLostActs(store, feed, all)).toEqual([])
    expect(await findLostActs(store, feed, [{ n: head.n + 1, chain: 'x' }])).toEqual([0])
    await ended()
    expect((await readAudit(store, feed, 0, 100))[0]?.n).toBe(head.n + 1)
  })

  it('from the audit, only up to the entry that was copied', async () => {
    await ended()
    expect(await trimAudit(store, feed, 2, Infinity)).toBe(2)
    expect((await readAudit(store, feed, 0, 100))[0]?.n).toBe(3)
  })

  it('from the log up to a moment and a seq', async () => {
    for (let n = 0; n < 3; n++) await ended()
    expect(await trimLog(store, feed, 4, Infinity)).toBe(4)
    expect(await trimLog(store, feed, 6, 0)).toBe(0)
    expect((await readAfter(store, feed, 0, 100)).map(({ seq }) => seq)).toEqual([5, 6])
  })

  it('by a release never an event that is not copied', async () => {
    const small = { ...store, keptEvents: 1 }
    await store.redis.hset(store.keys.feed(feed).head, 'copied', 0)
    for (let n = 0; n < 300; n++) await save(store, publish(newId(), `Line ${n}`, { feed }))
    await releaseDue(small, feed)
    expect((await readAfter(store, feed, 0, 1_000)).length).toBeGreaterThanOrEqual(300)
    await store.redis.hset(store.keys.feed(feed).head, 'copied', 10_000)
    await save(store, publish(newId(), 'One more', { feed }))
    await releaseDue(small, feed)
    expect((await readAfter(store, feed, 0, 1_000)).length).toBeLessThan(300)
  })
})
