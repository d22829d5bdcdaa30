import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decide, decideNew } from '../../src/desk/decide.ts'
import type { Decision, Wish } from '../../src/desk/decision.ts'
import type { DeskActor, DeskHeadline } from '../../src/desk/desk-headline.ts'
import { contentSchema, type Content } from '../../src/protocol/headline.ts'
import { urgencies, type Urgency } from '../../src/protocol/lists/urgencies.ts'
import { policySchema, type Policy } from '../../src/protocol/policy.ts'

/**
 * Two editors and a chief do anything in any order to one line. The oracle keeps its own account of the edits, requests
 * and acceptances, and looks at the first release: which person approved its words, urgency and time, and how long it
 * waited after the last change.
 */
const actors: Readonly<Record<string, DeskActor>> = {
  ann: { person: 'ann', role: 'editor', secondFactor: true },
  bob: { person: 'bob', role: 'editor', secondFactor: true },
  dan: { person: 'dan', role: 'chief', secondFactor: true },
}
const names = Object.keys(actors)
const undoMs = { flash: 0, bulletin: 1_000, urgent: 5_000, routine: 10_000 }

type Play =
  | { readonly do: 'words' | 'correct' | 'approve' | 'release' | 'undo' | 'return' | 'discard' | 'submit' }
  | { readonly do: 'urgency'; readonly urgency: Urgency }
  | { readonly do: 'submit' | 'schedule'; readonly inMs: number }
  | { readonly do: 'restore'; readonly version: number }
interface Act {
  readonly play: Play
  readonly by: string
  readonly afterMs: number
}

const inMs = fc.constantFrom(0, 1, 60, 400, 7_000, 60_000, 120_000)
const simple = fc.constantFrom(
  'words',
  'correct',
  'approve',
  'release',
  'undo',
  'return',
  'discard',
  'submit',
)
const play: fc.Arbitrary<Play> = fc.oneof(
  { weight: 6, arbitrary: simple.map((name) => ({ do: name }) as const) },
  { weight: 2, arbitrary: fc.constantFrom('approve', 'submit').map((name) => ({ do: name }) as const) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...urgencies).map((urgency) => ({ do: 'urgency', urgency }) as const),
  },
  { weight: 2, arbitrary: inMs.map((ms) => ({ do: 'schedule', inMs: ms }) as const) },
  { weight: 2, arbitrary: inMs.map((ms) => ({ do: 'submit', inMs: ms }) as const) },
  { weight: 1, arbitrary: fc.nat(5).map((version) => ({ do: 'restore', version }) as const) },
)
const act: fc.Arbitrary<Act> = fc.record({
  play,
  by: fc.constantFrom('ann', 'bob', 'ann', 'bob', 'dan'),
  afterMs: fc.constantFrom(0, 0, 1, 100, 3_000),
})
const level = fc.constantFrom('editor', 'chief', 'nobody')
const policies = fc
  .record({ flash: level, bulletin: level, urgent: level, routine: level })
  .map((alone) => policySchema.parse({ alone, undoMs, flashNeedsSecondFactor: false }))

interface Edit {
  readonly by: string
  /** The urgency before it, where it was submitted or accepted under that one. */
  readonly from: readonly Urgency[]
  covered: boolean
}

/** The oracle. */
class Account {
  readonly #policy: Policy
  #edits: Edit[]
  /** Urgencies under which it was submitted or accepted since the last acceptance. */
  #asked: readonly Urgency[] = []
  #requestedBy: string | undefined
  /** The earliest time that was accepted since the line was last taken back; Infinity: none. */
  #acceptedAt = Infinity
  #changedAt: number
  #skipped = false

  constructor(policy: Policy, by: string, now: number) {
    this.#policy = policy
    this.#edits = [{ by, from: [], covered: false }]
    this.#changedAt = now
  }

  mayAlone(by: string, { urgency }: Content): boolean {
    return [urgency, ...this.#asked].every((each) => {
      const least = this.#policy.alone[each]
      return least === 'editor' || (least === 'chief' && actors[by]?.role === 'chief')
    })
  }

  /** Adds an accepted act. */
  add(by: string, decided: Decision, before: DeskHeadline, after: DeskHeadline, now: number): void {
    const { action } = decided
    const isEdit = ['save', 'correct', 'restore'].includes(action)
    if (isEdit) {
      this.#edits.push({ by, from: this.#asked, covered: false })
      this.#changedAt = now
      this.#skipped = false
    }
    if (after.status === 'pending') {
      this.#asked = [...this.#asked, before.content.urgency, after.content.urgency]
      if (action === 'submit' || before.status === 'due') this.#requestedBy = by
    }
    if (['undo', 'restore', 'discard', 'return'].includes(action)) this.#acceptedAt = Infinity
    if (after.status === 'due') this.#accept(by, decided, before, after, now)
  }

  #accept(by: string, { action }: Decision, before: DeskHeadline, after: DeskHeadline, now: number): void {
    const isAlone = this.mayAlone(by, after.content)
    const skips = action === 'release' && before.status === 'due' && isAlone && after.dueAt === now
    if (after.dueAt !== before.dueAt) this.#changedAt = now
    this.#skipped = skips
    for (const edit of this.#edits) edit.covered ||= isAlone || edit.by !== by
    const isSecondForTime = action === 'approve' && this.#requestedBy !== by
    if (isAlone || isSecondForTime) this.#acceptedAt = after.dueAt ?? now
    if (isAlone || action === 'approve') this.#asked = [after.content.urgency]
  }

  /** The faults of the first release at `dueAt`. */
  faultsOf({ content, dueAt = 0 }: DeskHeadline): string[] {
    const faults: string[] = []
    const needsSecond = this.#policy.alone[content.urgency] !== 'editor'
    const lowered = ({ from }: Edit) => from.some((urgency) => this.#policy.alone[urgency] === 'nobody')
    if (this.#edits.some((edit) => !edit.covered && (needsSecond || lowered(edit))))
      faults.push('words or urgency')
    if (dueAt < this.#acceptedAt) faults.push('time')
    if (!this.#skipped && dueAt < this.#changedAt + undoMs[content.urgency]) faults.push('undo window')
    return faults
  }
}

/** One line, played until its first release; its faults, undefined when it was not released. */
function played(policy: Policy, first: { by: string; urgency: Urgency }, acts: readonly Act[]) {
  let now = Date.parse('2026-05-01T10:00:00Z')
  const versions = [contentSchema.parse({ text: 'Words 0', urgency: first.urgency })]
  const [content] = versions
  const creator = actors[first.by]
  if (!content || !creator) throw new Error('no content')
  const made = decideNew({ content, then: 'keep' }, creator, policy, now)
  if (made.kind === 'refusal') throw new Error(made.code)
  const account = new Account(policy, first.by, now)
  let line: DeskHeadline = {
    version: 1,
    status: 'draft',
    content,
    desk: made.desk ?? { createdBy: '', authors: [] },
  }
  for (const { play: wanted, by, afterMs } of acts) {
    now += afterMs
    if (line.dueAt !== undefined && line.dueAt <= now) return account.faultsOf(line)
    const decided = decide(line, wishOf(wanted, versions, now), actors[by] ?? creator, policy, now)
    if (decided.kind === 'refusal') continue
    const before = line
    line = changed(line, decided, now)
    if (line.content !== before.content) versions.push(line.content)
    account.add(by, decided, before, line, now)
  }
  return line.dueAt === undefined ? undefined : account.faultsOf(line)
}

function wishOf(wanted: Play, versions: readonly Content[], now: number): Wish {
  const text = `Words ${versions.length}`
  switch (wanted.do) {
    case 'words':
      return { action: 'save', patch: { text } }
    case 'correct':
      return { action: 'correct', patch: { text } }
    case 'urgency':
      return { action: 'save', patch: { urgency: wanted.urgency } }
    case 'submit':
      return { action: 'submit', ...('inMs' in wanted && { releaseAt: now + wanted.inMs }) }
    case 'schedule':
      return { action: 'schedule', releaseAt: now + wanted.inMs }
    case 'return':
      return { action: 'return', reason: 'Not yet' }
    case 'restore': {
      const content = versions[wanted.version % versions.length]
      if (!content) throw new Error('no version')
      return { action: 'restore', content, writers: names }
    }
    default:
      return { action: wanted.do }
  }
}

/** The line after the decision, with the times of save-headline.lua. */
function changed({ dueAt: planned, ...line }: DeskHeadline, decided: Decision, now: number): DeskHeadline {
  const { due, status = line.status, content, desk = line.desk } = decided
  const wanted =
    ('dueAt' in due ? due.dueAt : undefined) ?? (due.kind === 'edit' ? planned : undefined) ?? now
  const waitMs = 'waitMs' in due ? due.waitMs : undefined
  const dueAt = waitMs === undefined ? wanted : Math.max(wanted, now + waitMs)
  return {
    ...line,
    status,
    desk,
    version: line.version + 1,
    ...(content && 'text' in content && { content }),
    ...(status === 'due' && { dueAt }),
  }
}

it('the first release of a line has words, an urgency and a time that a second person accepted, and a whole undo window', () => {
  let released = 0
  fc.assert(
    fc.property(
      policies,
      fc.record({ by: fc.constantFrom('ann', 'bob'), urgency: fc.constantFrom(...urgencies) }),
      fc.array(act, { minLength: 2, maxLength: 14 }),
      (policy, first, acts) => {
        const faults = played(policy, first, acts)
        if (faults) released += 1
        expect(faults ?? []).toEqual([])
      },
    ),
    { numRuns: 6_000 },
  )
  expect(released).toBeGreaterThan(800)
})
