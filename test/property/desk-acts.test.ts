import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { setTimeout as pause } from 'node:timers/promises'
import { freeze, thaw } from '../../src/eventlog/feeds/freeze.ts'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { readHeadline } from '../../src/eventlog/read-headline.ts'
import { eventOf, loadFeed, readAfter } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import type { Change, Once, SaveOutcome } from '../../src/eventlog/save-headline.ts'
import { fold, inOrder, stripOf, type Strip } from '../../src/protocol/fold.ts'
import type { EventFrame } from '../../src/protocol/frames.ts'
import { contentSchema } from '../../src/protocol/headline.ts'
import type { Status } from '../../src/protocol/lists/statuses.ts'
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
  testAct,
  undo,
  withdraw,
} from '../support/changes.ts'
import { auditOf, expectIndexesToHold, idsOfWord } from '../support/log-checks.ts'
import { createTestFeed, freshPrefix, openTestStore } from '../support/redis.ts'

const HOUR = 3_600_000

/** One headline as the table of acts describes it: the oracle. */
interface Line {
  readonly id: string
  version: number
  status: Status
  text: string
  pinned: boolean
  /** Set while the headline waits for its first release. */
  waits?: 'now' | 'later' | 'too-long' | undefined
  /** The headline was released once. */
  released: boolean
}

type Expected = SaveOutcome['kind']
interface Play {
  readonly change: (line: Line, text: string) => Change
  /** Whether the headline's status allows the act. */
  readonly fits: (line: Line) => boolean
  /** Applies the act to the oracle's headline; returns the expected outcome. */
  readonly then: (line: Line, text: string) => Expected
  /** The act is accepted in a frozen feed too. */
  readonly always?: true
}

const waiting = ({ waits }: Line) => waits !== undefined
const isDue = ({ waits }: Line) => waits === 'now' || waits === 'too-long'
const stands =
  (...statuses: Status[]) =>
  (line: Line) =>
    statuses.includes(line.status)
const story = { story: 'bridge' }
const written = (text: string) => contentSchema.parse({ text, ...(text.length % 2 === 0 && story) })
const withText = (change: Change, text: string): Change => ({
  ...change,
  content: written(text),
  words: [text],
})

function movesTo(status: Status) {
  return (line: Line): Expected => {
    line.status = status
    return 'saved'
  }
}

const plays = {
  edit: {
    change: (line, text) => withText(edit(line.id, line.version, text), text),
    fits: waiting,
    then: (line, text) => {
      line.text = text
      return 'saved'
    },
  },
  bringForward: {
    change: (line) => ({
      ...edit(line.id, line.version, line.text, Date.now()),
      action: 'schedule',
      content: written(line.text),
      words: [line.text],
    }),
    fits: waiting,
    then: (line) => {
      line.waits = 'now'
      return 'saved'
    },
  },
  undo: {
    change: (line) => undo(line.id, line.version),
    fits: waiting,
    then: (line) => {
      line.status = 'draft'
      line.waits = undefined
      return 'cancelled'
    },
    always: true,
  },
  releaseAgain: {
    change: (line) => ({
      ...undo(line.id, line.version),
      action: 'release',
      allowed: ['draft', 'needs-decision'],
      status: 'due',
      due: { kind: 'add', op: 'publish' },
    }),
    fits: stands('draft', 'needs-decision'),
    then: (line) => {
      line.status = 'due'
      line.waits = 'now'
      return 'saved'
    },
  },
  correct: {
    change: (line, text) => withText(correct(line.id, line.version, text), text),
    fits: stands('live'),
    then: (line, text) => {
      line.text = text
      return 'saved'
    },
  },
  correctHeld: {
    change: (line, text) =>
      withText(correct(line.id, line.version, text, { allowed: ['held'], due: { kind: 'none' } }), text),
    fits: stands('held'),
    then: (line, text) => {
      line.text = text
      return 'saved'
    },
  },
  hold: { change: (line) => hold(line.id), fits: stands('live'), then: movesTo('held'), always: true },
  resume: { change: (line) => resume(line.id, line.version), fits: stands('held'), then: movesTo('live') },
  withdraw: {
    change: (line) => withdraw(line.id),
    fits: stands('due', 'needs-decision', 'live', 'held', 'expired'),
    then: (line) => {
      line.status = 'withdrawn'
      line.waits = undefined
      return line.released ? 'saved' : 'cancelled'
    },
    always: true,
  },
  expire: {
    change: (line) => expire(line.id, line.version),
    fits: stands('live', 'held'),
    then: movesTo('expired'),
  },
  pin: {
    change: (line) => pin(line.id, line.version),
    fits: stands('live'),
    then: (line) => {
      line.pinned = true
      return 'saved'
    },
  },
  unpin: {
    change: (line) => pin(line.id, line.version, false),
    fits: stands('live'),
    then: (line) => {
      line.pinned = false
      return 'saved'
    },
  },
} as const satisfies Record<string, Play>

type Step =
  | { do: 'publish'; waits: 'now' | 'later' | 'too-long' }
  | { do: 'play'; play: keyof typeof plays; line: number; stale: boolean }
  | { do: 'release' | 'resend' | 'freeze' | 'thaw' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      waits: fc.constantFrom('now' as const, 'now' as const, 'later' as const, 'too-long' as const),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant('play' as const),
      play: fc.constantFrom(...(Object.keys(plays) as (keyof typeof plays)[])),
      line: fc.nat(30),
      stale: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
  },
  { weight: 6, arbitrary: fc.constant({ do: 'release' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'resend' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'freeze' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'thaw' as const }) },
)

/** A feed in the store, and the oracle of what its newsroom must see. */
class Newsroom {
  readonly store: Store
  readonly lines: Line[] = []
  frozen = false
  /** Text and pin of the headlines in the strip. */
  #shown = new Map<string, string>()
  /** The text of each version, and the newest stored version of each headline. */
  readonly #textsOf = new Map<string, string>()
  readonly #versions = new Map<string, number>()
  #texts = 0
  #folded: Strip = new Map()
  #seen = 0
  #last: { change: Change; once: Once } | undefined

  constructor(store: Store) {
    this.store = store
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'publish') return this.#publish(step.waits)
    if (step.do === 'play') return this.#play(step)
    if (step.do === 'release') return this.release()
    if (step.do === 'resend') return this.#resend()
    if (step.do === 'freeze') await freeze(this.store, 'en', testAct, Date.now())
    else {
      await thaw(this.store, 'en', testAct)
      // A headline of the same millisecond counts as due during the freeze.
      await pause(2)
    }
    if (this.frozen) for (const line of this.lines) if (isDue(line)) line.waits = 'too-long'
    this.frozen = step.do === 'freeze'
  }

  async #publish(waits: NonNullable<Line['waits']>): Promise<void> {
    const line: Line = {
      id: newId(),
      version: 1,
      status: 'due',
      text: this.#nextText(),
      pinned: false,
      waits,
      released: false,
    }
    const offset = { now: undefined, later: HOUR, 'too-long': -HOUR }[waits]
    const dueAt = offset === undefined ? {} : { dueAt: Date.now() + offset }
    const outcome = await this.#save(withText(publish(line.id, line.text, dueAt), line.text))
    expect(outcome).toBe(this.frozen ? 'feed-frozen' : 'saved')
    if (this.frozen) return
    this.lines.push(line)
    this.#textsOf.set(`${line.id} 1`, line.text)
  }

  async #play({ play, line: index, stale }: Extract<Step, { do: 'play' }>): Promise<void> {
    const line = this.lines[index % this.lines.length]
    if (!line) return
    const { change, fits, then, always }: Play = plays[play]
    const text = this.#nextText()
    const made = change(line, text)
    const late = stale && made.expected !== 'any'
    const outcome = await this.#save(late ? { ...made, expected: line.version + 1 } : made)
    if (late) expect(outcome).toBe('stale')
    else if (!fits(line)) expect({ play, outcome }).toEqual({ play, outcome: 'illegal' })
    else if (this.frozen && !always) expect({ play, outcome }).toEqual({ play, outcome: 'feed-frozen' })
    else {
      line.version++
      expect({ play, outcome }).toEqual({ play, outcome: then(line, text) })
      this.#textsOf.set(`${line.id} ${line.version}`, line.text)
    }
  }

  async #save(change: Change): Promise<Expected> {
    const once = onceOnly()
    const { kind } = await save(this.store, change, once)
    if (kind === 'saved' || kind === 'cancelled') this.#last = { change, once }
    return kind
  }

  /** Repeats the last request, as a client does after a lost answer. */
  async #resend(): Promise<void> {
    if (this.#last) expect((await save(this.store, this.#last.change, this.#last.once)).kind).toBe('repeated')
  }

  /** Releases with several workers at the same time. */
  async release(): Promise<void> {
    await Promise.all([1, 2, 3].map(() => releaseDue(this.store, 'en')))
    for (const line of this.lines) this.#settle(line)
    await this.#expectLog()
  }

  /** Applies a release to the oracle's headlines. */
  #settle(line: Line): void {
    if (this.frozen) {
      if (isDue(line)) {
        line.status = 'needs-decision'
        line.waits = undefined
      }
      if (line.status === 'held' || line.status === 'withdrawn') this.#shown.delete(line.id)
      return
    }
    if (line.waits === 'too-long') line.status = 'needs-decision'
    if (line.waits === 'now') {
      line.status = 'live'
      line.released = true
    }
    if (line.waits !== 'later') line.waits = undefined
    if (line.status === 'live') this.#shown.set(line.id, `${line.text} ${line.pinned}`)
    else this.#shown.delete(line.id)
  }

  async #expectLog(): Promise<void> {
    const loaded = await loadFeed(this.store, 'en', 10_000)
    for (const entry of await readAfter(this.store, 'en', this.#seen, 10_000)) {
      const event = eventOf(entry)
      expect(entry.seq).toBe(this.#seen + 1)
      this.#expectInTurn(event)
      this.#folded = fold(this.#folded, event)
      this.#seen = entry.seq
    }
    expect(inOrder(this.#folded)).toEqual(inOrder(stripOf(loaded?.strip ?? [])))
    const shown = [...this.#folded.values()].map(
      ({ id, text, pinned }) => [id, `${text} ${pinned ?? false}`] as const,
    )
    expect(new Map(shown.sort())).toEqual(new Map([...this.#shown].sort()))
  }

  /** Readers get no version after a later one, and each version with its own text. */
  #expectInTurn({ headline }: EventFrame): void {
    const { id, version } = headline
    expect(version).toBeGreaterThan(this.#versions.get(id) ?? 0)
    this.#versions.set(id, version)
    if (headline.status === 'live') expect(headline.text).toBe(this.#textsOf.get(`${id} ${version}`))
  }

  /** Compares store and oracle after all steps. */
  async expectEverything(): Promise<void> {
    for (const { id, version, status, text, pinned } of this.lines) {
      const record = await readHeadline(this.store, 'en', id)
      expect(record).toMatchObject({ version, status, content: { text } })
      expect(record?.pinned ?? false).toBe(pinned)
      expect(await idsOfWord(this.store, text)).toEqual([id])
    }
    await expectIndexesToHold(this.store)
    const words = await this.store.redis.keys(this.store.keys.feed('en').word('*'))
    expect(words).toHaveLength(this.lines.length)
    expect((await auditOf(this.store)).faults()).toEqual([])
    // A headline that was never released, such as an undone one, is not in the strip or the log.
    const never = new Set(this.lines.filter(({ released }) => !released).map(({ id }) => id))
    const events = (await readAfter(this.store, 'en', 0, 10_000)).map(eventOf)
    expect(events.filter(({ headline }) => never.has(headline.id))).toEqual([])
  }

  #nextText(): string {
    return `text${++this.#texts}${'x'.repeat(this.#texts % 2)}`
  }
}

describe('the desk', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>
  beforeAll(async () => {
    opened = await openTestStore()
  })
  afterAll(() => opened.close())

  it('finds in the store the results of its acts, for any acts in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
        const store = { ...opened, keys: redisKeys(freshPrefix()) }
        await createTestFeed(store, { stripLimit: 200 })
        const newsroom = new Newsroom(store)
        for (const step of steps) await newsroom.take(step)
        await newsroom.release()
        await newsroom.take({ do: 'thaw' })
        await newsroom.release()
        await newsroom.expectEverything()
      }),
      { numRuns: 40 },
    )
  }, 120_000)
})
