import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Store } from '../../src/eventlog/store/store.ts'
import { loadFeed, readAfter } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { fold, inOrder, stripOf, type Strip } from '../../src/protocol/fold.ts'
import type { EventFrame } from '../../src/protocol/frames.ts'
import { contentSchema, type Headline } from '../../src/protocol/headline.ts'
import { plainLine } from '../../src/protocol/text.ts'
import {
  correct,
  edit,
  expire,
  hold,
  newId,
  onceOnly,
  pin,
  publish,
  resume,
  save,
  withdraw,
} from '../support/changes.ts'
import { auditOf, expectIndexesToHold } from '../support/log-checks.ts'
import { createTestFeed, freshPrefix, openTestStore } from '../support/redis.ts'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'

/** A step of an editor or the service; `line` selects one of the headlines that exist at that time. */
type Step =
  | { act: 'publish'; text: string }
  | { act: 'correct'; line: number; text: string; note?: string }
  | { act: 'withdraw' | 'hold' | 'resume' | 'expire' | 'pin'; line: number }
  | { act: 'release' }
  | { act: 'resend' }

const others = { withdraw: (id: string) => withdraw(id), hold: (id: string) => hold(id), resume, expire, pin }

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((written) => plainLine().safeParse(written).success)
const line = fc.nat(30)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('publish' as const), text }) },
  {
    weight: 3,
    arbitrary: fc.record(
      { act: fc.constant('correct' as const), line, text, note: text },
      { requiredKeys: ['act', 'line', 'text'] },
    ),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('withdraw' as const), line }) },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constantFrom(...(['hold', 'resume', 'expire', 'pin'] as const)), line }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('release' as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('resend' as const) }) },
)

/**
 * The headline of each event as it must be: `corrected` is the time of the newest event that brought other words than
 * the readers had, with a note.
 */
function corrections(): (event: EventFrame) => Headline {
  const shown = new Map<string, { readonly text: string; readonly at?: string }>()
  return ({ at, headline }) => {
    if (headline.status !== 'live') return headline
    const { corrected: _, ...others } = headline
    const before = shown.get(headline.id)
    const isCorrection = before && before.text !== headline.text && headline.note !== undefined
    const corrected = isCorrection ? at : before?.at
    shown.set(headline.id, { text: headline.text, ...(corrected && { at: corrected }) })
    return { ...others, ...(corrected && { corrected }) }
  }
}

describe('the log', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>
  beforeAll(async () => {
    opened = await openTestStore()
  })
  afterAll(() => opened.close())

  async function freshFeed(stripLimit = 5): Promise<Store> {
    const store = { ...opened, keys: redisKeys(freshPrefix()) }
    await createTestFeed(store, { stripLimit })
    return store
  }

  it('folds to its snapshot at every seq, for any saves, releases and repeated requests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const store = await freshFeed()
        const lines: { id: string; version: number; status?: string }[] = []
        const expected = corrections()
        let texts = 0
        let folded: Strip = new Map()
        let seen = 0
        let again: () => Promise<unknown> = () => Promise.resolve()

        for (const step of steps) {
          const target = lines.length > 0 && 'line' in step ? lines[step.line % lines.length] : undefined
          if (step.act === 'publish') {
            const made = { id: newId(), version: 1 }
            const once = onceOnly()
            again = () => save(store, publish(made.id, step.text), once)
            expect(await again()).toMatchObject({ kind: 'saved', version: 1 })
            lines.push(made)
          } else if (step.act === 'correct' && target) {
            // Each version has words of its own, so that an event tells whether its words are new.
            const text = `${step.text} ${++texts}`
            const content = contentSchema.parse({ text, note: step.note })
            // A held headline is corrected without an event; its resume releases the new words.
            const atHold = target.status === 'held' && ({ allowed: ['held'], due: { kind: 'none' } } as const)
            const change = correct(target.id, target.version, text, { content, ...atHold })
            const outcome = await save(store, change)
            if ('version' in outcome) Object.assign(target, outcome)
          } else if (step.act in others && target) {
            const outcome = await save(
              store,
              others[step.act as keyof typeof others](target.id, target.version),
            )
            if ('version' in outcome) Object.assign(target, outcome)
          } else if (step.act === 'resend') {
            await again()
          } else if (step.act === 'release') {
            await releaseDue(store, 'en')
            const loaded = await loadFeed(store, 'en', 1_000)
            for (const { seq, json } of await readAfter(store, 'en', seen, 1_000)) {
              const event = JSON.parse(json) as EventFrame
              expect(seq).toBe(seen + 1)
              expect(event.position).toBe(`${loaded?.head.epoch}:${seq}`)
              folded = fold(folded, event)
              expect([seq, event.headline]).toEqual([seq, expected(event)])
              seen = seq
            }
            expect(inOrder(folded)).toEqual(inOrder(stripOf(loaded?.strip ?? [])))
            expect(folded.size).toBeLessThanOrEqual(5)
            const live = await store.redis.zrange(store.keys.feed('en').status('live'), '0', '-1')
            expect([...folded.keys()].sort()).toEqual(live.sort())
          }
        }
        await expectIndexesToHold(store)
        expect((await auditOf(store)).faults()).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('releases in accept order, once, with any number of workers, retries and killed workers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 5, maxLength: 40 }),
        async (ringsAfterEach) => {
          const store = await freshFeed(200)
          const accepted: string[] = []
          const ringing: Promise<unknown>[] = []
          for (const rings of ringsAfterEach) {
            const id = newId()
            accepted.push(id)
            await save(store, publish(id, 'A line'))
            for (let ring = 0; ring < rings; ring++) ringing.push(releaseDue(store, 'en'))
          }
          await Promise.all([...ringing, releaseDue(store, 'en')])

          const entries = await readAfter(store, 'en', 0, 1_000)
          expect(entries.map(({ json }) => (JSON.parse(json) as EventFrame).headline.id)).toEqual(accepted)
          expect(entries.map(({ seq }) => seq)).toEqual(accepted.map((_, index) => index + 1))
        },
      ),
      { numRuns: 30 },
    )
  })

  it('never releases a headline before its time, and never one that was withdrawn before', async () => {
    const store = await freshFeed()
    const [soon, later, gone] = [newId(), newId(), newId()]
    await save(store, publish(later, 'Much later', { dueAt: Date.now() + 60_000 }))
    await save(store, publish(gone, 'Never', { dueAt: Date.now() + 150 }))
    await save(store, publish(soon, 'Soon', { dueAt: Date.now() + 150 }))
    expect(await releaseDue(store, 'en')).toMatchObject({ count: 0 })
    expect(await save(store, withdraw(gone))).toMatchObject({ kind: 'cancelled', status: 'withdrawn' })

    const until = Date.now() + 5_000
    while ((await readAfter(store, 'en', 0, 10)).length === 0 && Date.now() < until)
      await releaseDue(store, 'en')
    const entries = await readAfter(store, 'en', 0, 10)
    expect(entries.map(({ json }) => (JSON.parse(json) as EventFrame).headline.id)).toEqual([soon])
  })

  it('releases a scheduled headline with its newest text at its time', async () => {
    const store = await freshFeed()
    const id = newId()
    const dueAt = Date.now() + 200
    await save(store, publish(id, 'First text', { dueAt }))
    expect(await save(store, edit(id, 1, 'Better text'))).toMatchObject({ kind: 'saved', version: 2, dueAt })
    const until = Date.now() + 5_000
    while ((await readAfter(store, 'en', 0, 10)).length === 0 && Date.now() < until)
      await releaseDue(store, 'en')
    const [entry, ...others] = await readAfter(store, 'en', 0, 10)
    expect(others).toEqual([])
    expect(JSON.parse(entry?.json ?? '{}')).toMatchObject({
      op: 'publish',
      headline: { version: 2, text: 'Better text' },
    })
  })

  it('accepts one of many changes of the same version and refuses the rest as stale', async () => {
    const store = await freshFeed()
    const id = newId()
    await save(store, publish(id, 'Line'))
    await releaseDue(store, 'en')
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) => save(store, correct(id, 1, `Line ${n}`))),
    )
    expect(outcomes.filter(({ kind }) => kind === 'saved')).toHaveLength(1)
    expect(outcomes.filter(({ kind }) => kind === 'stale')).toHaveLength(19)
  })

  it('expires a headline when its time is over, and the oldest one when the strip is full', async () => {
    const store = await freshFeed(2)
    const ids = [newId(), newId(), newId()]
    for (const id of ids) await save(store, publish(id, 'Line'))
    await releaseDue(store, 'en')
    const ops = async () =>
      (await readAfter(store, 'en', 0, 10)).map(({ json }) => {
        const { op, headline } = JSON.parse(json) as EventFrame
        return `${op} ${ids.indexOf(headline.id)}`
      })
    expect(await ops()).toEqual(['publish 0', 'publish 1', 'publish 2', 'expire 0'])
  })

  it('begins a new epoch when it has lost an event that a witness names, and only then', async () => {
    const store = await freshFeed()
    await save(store, publish(newId(), 'One'))
    const before = await releaseDue(store, 'en')
    if (before === 'no-feed') throw new Error('no feed')
    expect(await releaseDue(store, 'en', before.head)).toMatchObject({ forked: false })

    const ahead = { ...before.head, seq: before.head.seq + 3, chain: 'f'.repeat(40) }
    const [first, second] = await Promise.all([
      releaseDue(store, 'en', ahead),
      releaseDue(store, 'en', ahead),
    ])
    expect([first, second]).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ forked: true }),
        expect.objectContaining({ forked: false }),
      ]),
    )
    const other = { ...before.head, chain: '0'.repeat(40) }
    expect(await releaseDue(store, 'en', other)).toMatchObject({ forked: false })
    await save(store, publish(newId(), 'Two'))
    await releaseDue(store, 'en')
    const loaded = await loadFeed(store, 'en', 100)
    expect(loaded?.head.epoch).not.toBe(before.head.epoch)
    expect(loaded?.entries.map(({ seq }) => seq)).toEqual([2])
    expect(loaded?.strip).toHaveLength(2)
  })

  it('remembers a request, and refuses its idempotency key for another request', async () => {
    const store = await freshFeed()
    const id = newId()
    const once = onceOnly('token', 'request')
    await save(store, publish(id, 'Line'), once)
    expect(await save(store, publish(newId(), 'Line'), once)).toMatchObject({
      kind: 'repeated',
      id,
      version: 1,
    })
    expect(await save(store, publish(newId(), 'Other'), onceOnly('token', 'other request'))).toEqual({
      kind: 'reused',
    })
    await releaseDue(store, 'en')
    expect(await readAfter(store, 'en', 0, 10)).toHaveLength(1)
  })

  it('writes times like Date.prototype.toISOString', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 4_102_444_800_000 }), async (ms) => {
        const { readFileSync } = await import('node:fs')
        const common = readFileSync(new URL('../../src/eventlog/lua/common.lua', import.meta.url), 'utf8')
        expect(await opened.redis.eval(`${common}\nreturn iso(tonumber(ARGV[1]))`, 0, ms)).toBe(
          new Date(ms).toISOString(),
        )
      }),
    )
  })

  it('keeps at least the promised number of events when it trims', async () => {
    const store = { ...(await freshFeed(200)), keptEvents: 50 }
    for (let n = 0; n < 400; n++) await save(store, publish(newId(), `Line ${n}`))
    await releaseDue(store, 'en')
    const entries = await readAfter(store, 'en', 0, 1_000)
    expect(entries.length).toBeGreaterThanOrEqual(50)
    expect(entries.length).toBeLessThan(600)
    expect(entries.at(-1)?.seq).toBe(600)
  })
})
