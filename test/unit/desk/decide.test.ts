import { describe, expect, it } from '@jest/globals'
import { decide, decideNew } from '../../../src/desk/decide.ts'
import type { Decision, NewLine, Refusal, Wish } from '../../../src/desk/decision.ts'
import type { DeskActor, DeskHeadline } from '../../../src/desk/desk-headline.ts'
import { contentSchema } from '../../../src/protocol/headline.ts'
import { policySchema } from '../../../src/protocol/policy.ts'

const NOW = Date.parse('2026-05-01T10:00:00Z')
const MINUTE = 60_000
const DAY = 86_400_000
const iso = (ms: number) => new Date(ms).toISOString()

const content = contentSchema.parse({ text: 'Bridge closed' })
const ann: DeskActor = { person: 'ann', role: 'reporter', secondFactor: true }
const bob: DeskActor = { person: 'bob', role: 'editor', secondFactor: true }
const cat: DeskActor = { person: 'cat', role: 'editor', secondFactor: true }

const open = policySchema.parse({})
const strict = policySchema.parse({
  alone: { flash: 'nobody', bulletin: 'nobody', urgent: 'nobody', routine: 'nobody' },
  flashNeedsSecondFactor: false,
})

function deskHeadline(extra: Partial<DeskHeadline> = {}): DeskHeadline {
  return { version: 1, status: 'draft', content, desk: { createdBy: 'ann', authors: ['ann'] }, ...extra }
}

interface Given {
  readonly by?: DeskActor
  readonly policy?: typeof open
}

function decided(at: DeskHeadline, wish: Wish, { by = bob, policy = open }: Given = {}): Decision {
  const outcome = decide(at, wish, by, policy, NOW)
  if (outcome.kind === 'refusal') throw new Error(outcome.code)
  return outcome
}

function refused(at: DeskHeadline, wish: Wish, { by = bob, policy = open }: Given = {}): Refusal['code'] {
  const outcome = decide(at, wish, by, policy, NOW)
  if (outcome.kind === 'decision') throw new Error('was allowed')
  return outcome.code
}

describe('a new line', () => {
  const made = (line: Partial<NewLine>, by: DeskActor = bob) =>
    decideNew({ content, then: 'release', ...line }, by, open, NOW)

  it('is kept as a draft of its author', () => {
    expect(made({ then: 'keep' }, ann)).toEqual({
      kind: 'decision',
      action: 'save',
      allowed: [],
      status: 'draft',
      due: { kind: 'none' },
      content,
      desk: { createdBy: 'ann', authors: ['ann'] },
      words: ['bridge', 'closed'],
      isNews: false,
      isRelease: false,
    })
  })

  it('is submitted with the time that its author wants', () => {
    expect(made({ then: 'submit', releaseAt: NOW + MINUTE }, ann)).toMatchObject({
      action: 'submit',
      status: 'pending',
      content,
      desk: { authors: ['ann'], submittedBy: 'ann', releaseAt: NOW + MINUTE },
      words: ['bridge', 'closed'],
      isRelease: false,
    })
  })

  it('waits for the end of its undo window, with an end of its own, and is compared with others', () => {
    expect(made({})).toMatchObject({
      action: 'release',
      status: 'due',
      due: { kind: 'add', op: 'publish', dueAt: NOW + 10_000 },
      content: { expiresAt: iso(NOW + 10_000 + DAY) },
      desk: { createdBy: 'bob', authors: ['bob'], approvedBy: 'bob', expiresByDefault: true },
      comparable: 'bridge closed',
      isNews: true,
      isRelease: true,
    })
  })

  it('goes at once as a flash, and at its time when it has one', () => {
    const flash = { ...content, urgency: 'flash' as const }
    expect(made({ content: flash })).toMatchObject({ due: { kind: 'add', op: 'publish' } })
    expect(made({ content: flash })).not.toHaveProperty('due.dueAt')
    expect(made({ releaseAt: NOW + 1 })).toMatchObject({ due: { dueAt: NOW + 1 } })
  })

  it.each([
    [ann, { then: 'release' }, 'two-person-required'],
    [{ ...ann, role: 'reader' }, { then: 'keep' }, 'forbidden'],
    [bob, { releaseAt: NOW - 1 }, 'embargo-in-past'],
    [bob, { releaseAt: NOW + 367 * DAY }, 'release-too-far'],
    [bob, { content: { ...content, expiresAt: iso(NOW + 5_000) } }, 'expires-before-release'],
    [bob, { content: { ...content, expiresAt: iso(NOW + 31 * DAY) } }, 'expires-too-late'],
  ] as const)('is not made by %j with %j', (by, line, code) => {
    expect(made(line, by)).toMatchObject({ kind: 'refusal', code })
  })

  it.each(['keep', 'submit', 'release'] as const)('keeps to the budget: %s', (then) => {
    const short = policySchema.parse({ maxGraphemes: 20 })
    const long = { ...content, text: 'x'.repeat(21) }
    expect(decideNew({ content: long, then }, bob, short, NOW)).toMatchObject({ code: 'text-too-long' })
  })
})

describe('approval', () => {
  const pending = deskHeadline({ status: 'pending' })

  it('starts the undo window, and the approver answers for the words', () => {
    expect(decided(pending, { action: 'approve' })).toMatchObject({
      status: 'due',
      due: { kind: 'add', op: 'publish', dueAt: NOW + 10_000 },
      desk: { authors: ['ann'], approvedBy: 'bob' },
    })
  })

  it('keeps the time that the author wants while it is ahead', () => {
    const wanted = (releaseAt: number) =>
      deskHeadline({ status: 'pending', desk: { ...pending.desk, releaseAt } })
    expect(decided(wanted(NOW + DAY), { action: 'approve' })).toMatchObject({ due: { dueAt: NOW + DAY } })
    expect(decided(wanted(NOW - DAY), { action: 'approve' })).toMatchObject({ due: { dueAt: NOW + 10_000 } })
    expect(decided(wanted(NOW + DAY), { action: 'approve' }).desk).not.toHaveProperty('releaseAt')
  })

  it('is not for who returned the line and then wrote in it', () => {
    const returned = decided(pending, { action: 'return', reason: 'Which bridge?' }, { policy: strict })
    expect(returned).toMatchObject({ status: 'returned', desk: { reason: 'Which bridge?' } })
    const back = deskHeadline({ status: 'returned', desk: returned.desk ?? pending.desk })
    const saved = decided(back, { action: 'save', patch: { text: 'Tarrow Bridge closed' } })
    expect(saved).toMatchObject({ status: 'draft', desk: { authors: ['ann', 'bob'] } })
    const again = deskHeadline({ status: 'pending', desk: saved.desk ?? pending.desk })
    expect(refused(again, { action: 'approve' }, { policy: strict })).toBe('self-approval')
    expect(decided(again, { action: 'approve' }, { by: cat, policy: strict }).status).toBe('due')
  })

  it('is taken back by an undo', () => {
    const due = deskHeadline({
      status: 'due',
      dueAt: NOW + 5_000,
      desk: { ...pending.desk, approvedBy: 'bob', submittedBy: 'ann' },
    })
    const undone = decided(due, { action: 'undo' }, { by: ann })
    expect(undone).toMatchObject({ status: 'draft', due: { kind: 'cancel' } })
    expect(undone.desk).toEqual({ createdBy: 'ann', authors: ['ann'], submittedBy: 'ann' })
  })
})

describe('a line that waits for its time', () => {
  const desk = { createdBy: 'ann', authors: ['ann'], approvedBy: 'bob', expiresByDefault: true } as const
  const ended = { ...content, expiresAt: iso(NOW + DAY) }
  const due = (dueAt: number) => deskHeadline({ status: 'due', dueAt, desk, content: ended })

  it('gets an undo window when it is released early, and goes at once within it', () => {
    expect(decided(due(NOW + DAY), { action: 'release' }).due).toEqual({ kind: 'edit', dueAt: NOW + 10_000 })
    expect(decided(due(NOW + 9_000), { action: 'release' }).due).toEqual({ kind: 'edit', dueAt: NOW })
  })

  it('takes its usual end along when its time changes, but not an end that somebody has set', () => {
    const later = { action: 'schedule', releaseAt: NOW + 3 * DAY } as const
    expect(decided(due(NOW + DAY), later)).toMatchObject({
      due: { kind: 'edit', dueAt: NOW + 3 * DAY },
      content: { expiresAt: iso(NOW + 4 * DAY) },
    })
    const { expiresByDefault: _, ...own } = desk
    const set = deskHeadline({ status: 'due', dueAt: NOW + MINUTE, desk: own, content: ended })
    expect(refused(set, later)).toBe('expires-before-release')
  })

  it('keeps its time with new words of somebody who may publish alone', () => {
    const saved = decided(due(NOW + DAY), { action: 'save', patch: { text: 'Bridge open' } })
    expect(saved).toMatchObject({
      due: { kind: 'edit' },
      content: { text: 'Bridge open' },
      desk: { authors: ['bob'], approvedBy: 'bob' },
      isRelease: false,
    })
    expect(saved.status).toBeUndefined()
    expect(saved).not.toHaveProperty('due.dueAt')
  })

  it('goes back for approval with new words of anybody else, and remembers its time', () => {
    const patch = { text: 'Bridge open' }
    expect(decided(due(NOW + DAY), { action: 'save', patch }, { policy: strict })).toMatchObject({
      status: 'pending',
      due: { kind: 'cancel' },
      desk: { authors: ['bob'], releaseAt: NOW + DAY },
    })
  })

  it('needs a second factor to become a flash', () => {
    const by = { ...bob, secondFactor: false }
    const wish = { action: 'save', patch: { urgency: 'flash' } } as const
    expect(refused(due(NOW + DAY), wish, { by })).toBe('second-factor-required')
  })
})

describe('a correction', () => {
  const desk = { createdBy: 'ann', authors: ['ann'], approvedBy: 'bob' }
  const live = deskHeadline({ status: 'live', desk, content: { ...content, expiresAt: iso(NOW + DAY) } })
  const patch = { text: 'Bridges closed' }

  it('goes out at once by somebody who may publish alone', () => {
    expect(decided(live, { action: 'correct', patch })).toMatchObject({
      due: { kind: 'add', op: 'correct' },
      content: { text: 'Bridges closed', expiresAt: iso(NOW + DAY) },
      desk: { authors: ['bob'], approvedBy: 'bob' },
      words: ['bridges', 'closed'],
      isRelease: true,
    })
  })

  it('is a proposal by anybody else: readers see nothing of it until another one approves', () => {
    const proposed = decided(live, { action: 'correct', patch }, { by: ann })
    expect(proposed).toMatchObject({ due: { kind: 'none' }, proposal: true, isRelease: false })
    expect(proposed.content).toBeUndefined()
    expect(proposed.words).toBeUndefined()
    expect(proposed.desk).toMatchObject({
      ...desk,
      proposal: { content: { text: 'Bridges closed' }, authors: ['ann'] },
    })

    const waiting = deskHeadline({ ...live, desk: proposed.desk ?? desk })
    const approved = decided(waiting, { action: 'approve' }, { policy: strict })
    expect(approved).toMatchObject({
      due: { kind: 'add', op: 'correct' },
      content: { text: 'Bridges closed' },
      desk: { authors: ['ann'], approvedBy: 'bob' },
    })
    expect(approved.desk).not.toHaveProperty('proposal')
    const dropped = decided(waiting, { action: 'reject', reason: 'It is one bridge' })
    expect(dropped).toMatchObject({ due: { kind: 'none' }, desk: { ...desk, reason: 'It is one bridge' } })
    expect(dropped.desk).not.toHaveProperty('proposal')
    expect(dropped.status).toBeUndefined()
  })

  it.each([
    ['to', 'bulletin', 'flash'],
    ['from', 'flash', 'bulletin'],
  ] as const)('%s an urgency that takes two is a proposal', (_way, before, after) => {
    const policy = policySchema.parse({ alone: { flash: 'nobody' } })
    const line = { ...live, content: { ...live.content, urgency: before } }
    const outcome = decided(line, { action: 'correct', patch: { urgency: after } }, { policy })
    expect(outcome.proposal).toBe(true)
  })

  it('of a held line waits for its return', () => {
    const held = { ...live, status: 'held' } as const
    expect(decided(held, { action: 'correct', patch })).toMatchObject({
      due: { kind: 'none' },
      content: { text: 'Bridges closed' },
    })
  })

  it('leaves an end alone that has passed, and checks one that it sets', () => {
    const late = { ...live, content: { ...content, expiresAt: iso(NOW - 1) } }
    expect(decided(late, { action: 'correct', patch }).content).toMatchObject({ expiresAt: iso(NOW - 1) })
    const set = (expiresAt: string | null) => ({ action: 'correct', patch: { expiresAt } }) as const
    expect(refused(live, set(iso(NOW - 1)))).toBe('expires-before-release')
    expect(refused(live, set(iso(NOW + 31 * DAY)))).toBe('expires-too-late')
    expect(decided(live, set(null)).content).toMatchObject({ expiresAt: iso(NOW + DAY) })
  })

  it('with the words of before keeps the end of now', () => {
    const before = contentSchema.parse({ text: 'Bridge shut', expiresAt: iso(NOW - DAY), note: 'Old' })
    const restored = decided(live, { action: 'restore', content: before, writers: [], note: 'New' })
    expect(restored.content).toEqual({
      ...content,
      text: 'Bridge shut',
      expiresAt: iso(NOW + DAY),
      note: 'New',
    })
  })
})

describe('a line that is restored to a draft', () => {
  it('belongs to all who wrote it and to who brought it back, and has no end', () => {
    const expired = deskHeadline({
      status: 'expired',
      desk: { createdBy: 'ann', authors: ['ann'], approvedBy: 'bob' },
      content: { ...content, expiresAt: iso(NOW - 1) },
    })
    const wish = { action: 'restore', content: expired.content, writers: ['eve', 'ann'] } as const
    const restored = decided(expired, wish, { by: cat })
    expect(restored).toMatchObject({ status: 'draft', content, desk: { authors: ['ann', 'eve', 'cat'] } })
    expect(restored.content).not.toHaveProperty('expiresAt')
    expect(restored.desk).not.toHaveProperty('approvedBy')
  })
})

describe('a line whose release was missed', () => {
  const late = deskHeadline({
    status: 'needs-decision',
    desk: { createdBy: 'ann', authors: ['ann'], approvedBy: 'bob' },
  })

  it('goes out by any editor, and with new words only by another one', () => {
    const release = { action: 'release' } as const
    expect(decided(late, release, { policy: strict }).status).toBe('due')
    const saved = decided(late, { action: 'save', patch: { text: 'Bridge open' } }, { policy: strict })
    const rewritten = { ...late, desk: saved.desk ?? late.desk }
    expect(refused(rewritten, release, { policy: strict })).toBe('two-person-required')
    expect(decided(rewritten, release, { by: cat, policy: strict }).status).toBe('due')
  })

  it('is not approved or edited as if nothing had happened, and says what can be done', () => {
    expect(decide(late, { action: 'approve' }, ann, strict, NOW)).toMatchObject({ code: 'forbidden' })
    expect(decide(late, { action: 'approve' }, bob, strict, NOW)).toMatchObject({
      code: 'needs-decision',
      allowed: ['save', 'release', 'schedule', 'withdraw', 'discard'],
    })
  })
})

it('a stop leaves what the newsroom knows, and says a public word', () => {
  const live = deskHeadline({ status: 'live' })
  expect(decided(live, { action: 'withdraw', note: 'Wrong' }, { by: ann, policy: strict })).toEqual({
    kind: 'decision',
    action: 'withdraw',
    allowed: ['due', 'needs-decision', 'live', 'held', 'expired'],
    status: 'withdrawn',
    due: { kind: 'add', op: 'withdraw' },
    content: { note: 'Wrong' },
    isNews: false,
    isRelease: false,
  })
})
