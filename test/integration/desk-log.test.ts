import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { freeze, readFrozen, readFrozenKeys, thaw, thawKey } from '../../src/eventlog/feeds/freeze.ts'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { readPolicy, writePolicy } from '../../src/eventlog/feeds/policy.ts'
import { auditEntryOf, readAudit } from '../../src/eventlog/audit/read-audit.ts'
import { readHeadline } from '../../src/eventlog/read-headline.ts'
import { eventOf, readAfter } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import type { Change } from '../../src/eventlog/save-headline.ts'
import type { DeskState } from '../../src/protocol/desk-state.ts'
import { contentSchema } from '../../src/protocol/headline.ts'
import {
  correct,
  expire,
  hold,
  newId,
  onceOnly,
  pin,
  publish,
  resume,
  save,
  testAct,
  undo,
  withdraw,
} from '../support/changes.ts'
import { auditOf, expectIndexesToHold } from '../support/log-checks.ts'
import { createTestFeed, freshPrefix, openPolicy, openTestStore } from '../support/redis.ts'

const HOUR = 3_600_000

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

function setPolicy(feed: string, seen: number, policy: typeof openPolicy) {
  return writePolicy(store, feed, seen, { policy }, { action: 'policy', act: testAct })
}

async function live(text = 'Line', extra: Partial<Change> = {}): Promise<string> {
  const id = newId()
  await save(store, publish(id, text, extra))
  await releaseDue(store, 'en')
  return id
}

async function released(): Promise<string[]> {
  const entries = await readAfter(store, 'en', 0, 1_000)
  return entries.map(eventOf).map(({ op, headline }) => `${op} ${headline.version}`)
}

async function actions(): Promise<string[]> {
  return (await readAudit(store, 'en', 0, 1_000)).map((entry) => auditEntryOf(entry).action)
}

describe('holds and withdrawals', () => {
  it('are released before headlines that were due earlier', async () => {
    const [first, second] = [await live('First'), await live('Second')]
    await save(store, correct(first, 1, 'First, corrected', { action: 'correct' }))
    await save(store, hold(second))
    await releaseDue(store, 'en')
    const newest = (await readAfter(store, 'en', 2, 10)).map(eventOf)
    expect(newest.map(({ op, headline }) => [op, headline.id])).toEqual([
      ['hold', second],
      ['correct', first],
    ])
  })

  it('keep the text of an overtaken correction until the resume, and do not show it before', async () => {
    const id = await live('Wrong')
    await save(store, correct(id, 1, 'Right'))
    await save(store, hold(id))
    await freeze(store, 'en', testAct, Date.now())
    await releaseDue(store, 'en')
    await thaw(store, 'en', testAct)
    await save(store, resume(id, 3))
    await releaseDue(store, 'en')

    expect(await released()).toEqual(['publish 1', 'hold 3', 'resume 4'])
    const last = (await readAfter(store, 'en', 2, 1)).map(eventOf)
    expect(last).toMatchObject([{ headline: { text: 'Right', place: 1 } }])
  })

  it('win over a correction, a resume and an expiry at the same time', async () => {
    const id = await live()
    const outcomes = await Promise.all([
      save(store, correct(id, 1, 'Other')),
      save(store, hold(id)),
      save(store, expire(id, 1)),
      releaseDue(store, 'en'),
      save(store, withdraw(id)),
      releaseDue(store, 'en'),
    ])
    expect(outcomes[4]).toMatchObject({ kind: 'saved', status: 'withdrawn' })
    await releaseDue(store, 'en')
    expect(await store.redis.hlen(store.keys.feed('en').strip)).toBe(0)
    await expectIndexesToHold(store)
  })

  it('let a held headline expire', async () => {
    const expiresAt = new Date(Date.now() + 300).toISOString()
    const id = await live('-', { content: contentSchema.parse({ text: 'Short', expiresAt }) })
    await save(store, hold(id))
    const until = Date.now() + 5_000
    while ((await released()).length < 3 && Date.now() < until) await releaseDue(store, 'en')
    expect(await released()).toEqual(['publish 1', 'hold 2', 'expire 3'])
    expect(await readHeadline(store, 'en', id)).toMatchObject({ status: 'expired' })
  })
})

it('releases each version with its own text, even if a later version is accepted already', async () => {
  const id = await live('One')
  await save(store, correct(id, 1, 'Two'))
  await save(store, pin(id, 2))
  await save(store, correct(id, 3, 'Three'))
  await releaseDue(store, 'en')
  const events = (await readAfter(store, 'en', 0, 10)).map(eventOf)
  expect(events.map(({ headline }) => headline)).toMatchObject([
    { text: 'One' },
    { text: 'Two' },
    { text: 'Two', pinned: true },
    { text: 'Three', pinned: true },
  ])
})

describe('a due headline', () => {
  it('cannot be undone after its release', async () => {
    const id = newId()
    await save(store, publish(id, 'Out'))
    await releaseDue(store, 'en')
    expect(await save(store, undo(id, 1))).toEqual({ kind: 'illegal', version: 1, status: 'live' })
    expect(await store.redis.hlen(store.keys.feed('en').strip)).toBe(1)
  })

  it('becomes `needs-decision` when it was not released in time', async () => {
    await setPolicy('en', 1, { ...openPolicy, maxDriftMs: 60_000 })
    const [late, intime] = [newId(), newId()]
    await save(store, publish(late, 'Late', { dueAt: Date.now() - 61_000 }))
    await save(store, publish(intime, 'In time', { dueAt: Date.now() - 50_000 }))
    await releaseDue(store, 'en')

    expect(await readHeadline(store, 'en', late)).toMatchObject({ status: 'needs-decision', version: 1 })
    expect(await readHeadline(store, 'en', intime)).toMatchObject({ status: 'live' })
    expect(await released()).toEqual(['publish 1'])
    expect(await actions()).toContain('needs-decision')
    expect(await save(store, withdraw(late))).toMatchObject({ kind: 'cancelled', status: 'withdrawn' })
  })

  it('is shown as a new headline when it is restored and released again', async () => {
    const id = await live()
    await save(store, expire(id, 1))
    await releaseDue(store, 'en')
    const draft = { ...undo(id, 2), action: 'restore', allowed: ['expired'], due: { kind: 'none' } } as const
    expect(await save(store, draft)).toMatchObject({ kind: 'saved', status: 'draft', version: 3 })
    await save(store, {
      ...draft,
      action: 'release',
      expected: 3,
      allowed: ['draft'],
      status: 'due',
      due: { kind: 'add', op: 'publish' },
    })
    await releaseDue(store, 'en')
    expect(await released()).toEqual(['publish 1', 'expire 2', 'publish 4'])
    expect(await save(store, withdraw(id))).toMatchObject({ kind: 'saved' })
  })
})

describe('a frozen feed', () => {
  it('releases holds and withdrawals and nothing else, until it is thawed', async () => {
    const [a, b, c] = [await live('A'), await live('B'), await live('C')]
    await save(store, correct(c, 1, 'C, corrected'))
    const waits = newId()
    await save(store, publish(waits, 'D', { dueAt: Date.now() + HOUR }))
    expect(await freeze(store, 'en', { ...testAct, reason: 'wire hacked' }, Date.now())).toBe('frozen')
    expect(await freeze(store, 'en', testAct, Date.now())).toBe('frozen-already')
    expect(await readFrozen(store, 'en')).toMatchObject({ name: 'Tess', reason: 'wire hacked' })

    expect(await save(store, publish(newId(), 'E'))).toEqual({ kind: 'feed-frozen' })
    expect(await save(store, pin(c, 2))).toEqual({ kind: 'feed-frozen' })
    expect(await save(store, hold(a))).toMatchObject({ kind: 'saved' })
    expect(await save(store, withdraw(b))).toMatchObject({ kind: 'saved' })
    expect(await save(store, undo(waits, 1))).toMatchObject({ kind: 'cancelled', status: 'draft' })
    await releaseDue(store, 'en')
    expect((await released()).slice(3)).toEqual(['hold 2', 'withdraw 2'])

    expect(await thaw(store, 'en', testAct)).toBe('thawed')
    expect(await thaw(store, 'en', testAct)).toBe('not-frozen')
    await releaseDue(store, 'en')
    expect((await released()).slice(5)).toEqual(['correct 2'])
    expect((await actions()).filter((action) => /freeze|thaw/.test(action))).toEqual(['freeze', 'thaw'])
  })

  it('finds the headlines that are due behind any number of changes that wait for the thaw', async () => {
    const [withdrawn, id, due] = [await live('A'), await live('B'), newId()]
    const corrections = 300
    for (let n = 1; n <= corrections; n++) await save(store, correct(id, n, `B ${n}`))
    await save(store, publish(due, 'C'))
    await freeze(store, 'en', testAct, Date.now())
    await save(store, withdraw(withdrawn))
    await releaseDue(store, 'en')

    expect(await readHeadline(store, 'en', due)).toMatchObject({ status: 'needs-decision', version: 1 })
    expect((await released()).at(-1)).toBe('withdraw 2')
    await thaw(store, 'en', testAct)
    await releaseDue(store, 'en')
    expect((await released()).slice(3)).toEqual(
      Array.from({ length: corrections }, (_, n) => `correct ${n + 2}`),
    )
    await expectIndexesToHold(store)
  })

  it('notifies the gateways when it is frozen', async () => {
    const received: string[] = []
    const listener = store.redis.duplicate()
    listener.on('message', (_channel, payload: string) => received.push(payload))
    await listener.subscribe(store.keys.feed('en').live)
    await freeze(store, 'en', testAct, Date.now())
    await listener.ping()
    listener.disconnect()
    expect(received).toEqual(['look'])
  })
})

describe('the release limit of a key', () => {
  const act = { by: 'key:k1', person: 'u_test', name: 'Wire' }
  const release = { keyId: 'k1', perMinute: 10 }
  const byKey = (text = 'Line', id = newId()) => publish(id, text, { act, release })

  it('counts the releases of one key exactly, and freezes only that key', async () => {
    const id = newId()
    await save(store, byKey('It shows before the freeze', id))
    await releaseDue(store, 'en')
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, n) => save(store, byKey(`Line ${n}`))))
    const kinds = outcomes.map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'saved')).toHaveLength(9)
    expect(kinds.filter((kind) => kind === 'key-frozen')).toHaveLength(41)
    expect([...(await readFrozenKeys(store, 'en')).keys()]).toEqual(['k1'])
    expect((await actions()).filter((action) => action === 'key-frozen')).toHaveLength(1)

    expect(await save(store, correct(id, 1, 'Other', { act }))).toEqual({ kind: 'key-frozen' })
    expect(await save(store, hold(id, { act }))).toMatchObject({ kind: 'saved' })
    expect(await save(store, publish(newId(), 'By somebody else'))).toMatchObject({ kind: 'saved' })

    expect(await thawKey(store, 'en', 'k1', testAct)).toBe('thawed')
    expect(await thawKey(store, 'en', 'k1', testAct)).toBe('not-frozen')
    expect(await save(store, byKey())).toMatchObject({ kind: 'saved' })
  })

  it('does not count refused or repeated requests', async () => {
    const once = onceOnly()
    const change = byKey()
    for (let n = 0; n < 20; n++) await save(store, change, once)
    for (let n = 0; n < 20; n++) await save(store, byKey('Line', change.id))
    expect(await store.redis.get(store.keys.feed('en').pace('k1'))).toBe('1')
  })
})

describe('the check for equal texts', () => {
  const like = (id: string, hash = 'h', force = false) =>
    publish(id, 'Line', { duplicate: { hash, withinMs: HOUR, force } })

  it('names the headline that has the same text, while that one is live or due', async () => {
    const [first, second] = [newId(), newId()]
    await save(store, like(first))
    expect(await save(store, like(second))).toEqual({ kind: 'duplicate', id: first })
    await releaseDue(store, 'en')
    expect(await save(store, like(second))).toEqual({ kind: 'duplicate', id: first })
    expect(await save(store, like(newId(), 'other'))).toMatchObject({ kind: 'saved' })
    expect(await save(store, like(newId(), 'h', true))).toMatchObject({ kind: 'saved' })
  })

  it('accepts a text whose earlier headline is gone or has another text by now', async () => {
    const [first, second] = [newId(), newId()]
    await save(store, like(first))
    await save(store, withdraw(first))
    expect(await save(store, like(second))).toMatchObject({ kind: 'saved' })
    await releaseDue(store, 'en')
    await save(store, correct(second, 1, 'Another text', { duplicate: { hash: 'another', withinMs: HOUR } }))
    expect(await save(store, like(newId()))).toMatchObject({ kind: 'saved' })
  })
})

describe('the policy', () => {
  it('is the default until one is saved, and is replaced only if the caller has seen the current version', async () => {
    await createTestFeed(store, { id: 'sport' }, undefined)
    await store.redis.del(store.keys.feed('sport').policy)
    expect(await readPolicy(store, 'sport')).toMatchObject({ version: 0, policy: { maxGraphemes: 280 } })

    const written = await Promise.all(
      [40, 50, 60].map((maxGraphemes) => setPolicy('sport', 0, { ...openPolicy, maxGraphemes })),
    )
    expect(written.filter((outcome) => outcome === 'changed')).toHaveLength(2)
    expect(await readPolicy(store, 'sport')).toEqual(written.find((outcome) => outcome !== 'changed'))
    expect(await setPolicy('sport', 0, openPolicy)).toBe('changed')
  })

  it('makes a save fail that was decided under an older version', async () => {
    const id = newId()
    const decided = publish(id, 'Line', { policyVersion: 1 })
    await setPolicy('en', 1, { ...openPolicy, maxGraphemes: 40 })
    expect(await save(store, decided)).toEqual({ kind: 'policy-changed' })
    expect(await save(store, { ...decided, policyVersion: 2 })).toMatchObject({ kind: 'saved' })
  })
})

it('keeps the desk state as it is, empty lists included', async () => {
  const id = newId()
  const desk: DeskState = {
    createdBy: 'u_a',
    authors: [],
    proposal: { content: contentSchema.parse({ text: 'x' }), authors: [], submittedBy: 'u_b' },
  }
  await save(store, publish(id, 'Line', { desk }))
  await releaseDue(store, 'en')
  await save(store, pin(id, 1))
  await save(store, hold(id))
  await releaseDue(store, 'en')
  const raw = JSON.parse((await store.redis.hget(store.keys.feed('en').states, id)) ?? '') as { desk: string }
  expect(raw.desk).toBe(JSON.stringify(desk))
  expect(await readHeadline(store, 'en', id)).toMatchObject({
    desk,
    pinned: true,
    contentVersion: 1,
    version: 3,
  })
})

describe('the audit', () => {
  async function busyFeed() {
    const id = await live('First', { words: ['first'] })
    await save(store, correct(id, 1, 'Second'))
    await releaseDue(store, 'en')
    await save(store, withdraw(id, { act: { ...testAct, reason: 'wrong', ip: '192.0.2.1' } }))
    await releaseDue(store, 'en')
    return auditOf(store)
  }

  it('has actor, action, IP address, both versions and the reason', async () => {
    const { entries, faults } = await busyFeed()
    expect(faults()).toEqual([])
    expect(entries.map(auditEntryOf)).toMatchObject([
      { n: 1, action: 'release', before: null, after: { status: 'due', version: 1 }, act: testAct },
      {
        n: 2,
        action: 'released',
        before: { status: 'due' },
        after: { status: 'live' },
        act: { by: 'flashline' },
      },
      { n: 3, action: 'correct', after: { version: 2 } },
      { n: 4, action: 'released', detail: { op: 'correct', position: expect.stringMatching(/:2$/) } },
      {
        n: 5,
        action: 'withdraw',
        before: { status: 'live', version: 2 },
        after: { status: 'withdrawn', version: 3 },
        act: { reason: 'wrong', ip: '192.0.2.1' },
      },
      { n: 6, action: 'released', detail: { op: 'withdraw' } },
    ])
  })

  it('shows every change of it: a byte, a removed entry, swapped entries, an added one, a cut end, another content', async () => {
    const { entries, contents, faults } = await busyFeed()
    const without = (n: number) => entries.filter((entry) => entry.n !== n)
    entries.forEach((entry, at) => {
      for (const byte of [0, 5, entry.json.length >> 1, entry.json.length - 1]) {
        const flipped = String.fromCharCode(entry.json.charCodeAt(byte) ^ 1)
        const json = entry.json.slice(0, byte) + flipped + entry.json.slice(byte + 1)
        expect(faults(entries.with(at, { ...entry, json }))).toContainEqual({ n: entry.n, fault: 'changed' })
      }
      expect(faults(without(entry.n))).not.toEqual([])
      const next = entries[at + 1]
      if (!next) return
      const swapped = entries.with(at, { ...next, n: entry.n }).with(at + 1, { ...entry, n: next.n })
      expect(faults(swapped)).not.toEqual([])
    })
    const last = entries.at(-1)
    if (!last) throw new Error('no entries')
    expect(faults(without(last.n))).toEqual([{ n: last.n, fault: 'missing' }])
    expect(faults([...entries, { ...last, n: last.n + 1 }])).not.toEqual([])
    const other = (id: string, version: number) =>
      (contents[`${id}:${version}:content`] ?? '').replace('Second', 'Third')
    expect(faults(entries, other)).toEqual([{ n: 3, fault: 'content' }])
    expect(faults(entries, () => undefined)).toHaveLength(2)
  })
})
