import { describe, expect, it } from '@jest/globals'
import { decide, decideNew } from '../../../src/desk/decide.ts'
import type { Decision, NewHeadline, Refusal, Wish } from '../../../src/desk/decision.ts'
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

interface Circumstances {
  readonly by?: DeskActor
  readonly policy?: typeof open
}

function decided(at: DeskHeadline, wish: Wish, { by = bob, policy = open }: Circumstances = {}): Decision {
  const outcome = decide(at, wish, by, policy, NOW)
  if (outcome.kind === 'refusal') throw new Error(outcome.code)
  return outcome
}

function refused(
  at: DeskHeadline,
  wish: Wish,
  { by = bob, policy = open }: Circumstances = {},
): Refusal['code'] {
  const outcome = decide(at, wish, by, policy, NOW)
  if (outcome.kind === 'decision') throw new Error('was allowed')
  return outcome.code
}

describe('a new headline', () => {
  const created = (input: Partial<NewHeadline>, by: DeskActor = bob) =>
    decideNew({ content, then: 'release', ...input }, by, open, NOW)

  it('is kept as a draft of its author', () => {
    expect(created({ then: 'keep' }, ann)).toEqual({
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
    expect(created({ then: 'submit', releaseAt: NOW + MINUTE }, ann)).toMatchObject({
      action: 'submit',
      status: 'pending',
      content,
      desk: { authors: ['ann'], submittedBy: 'ann', releaseAt: NOW + MINUTE },
      words: ['bridge', 'closed'],
      isRelease: false,
    })
  })

  it('waits for the end of its undo window, gets an expiry, and is compared with other headlines', () => {
    expect(created({})).toMatchObject({
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

  it('is due at once if it is a flash, and at its release time if it has one', () => {
    const flash = { ...content, urgency: 'flash' as const }
    expect(created({ content: flash })).toMatchObject({ due: { kind: 'add', op: 'publish' } })
    expect(created({ content: flash })).not.toHaveProperty('due.dueAt')
    expect(created({ releaseAt: NOW + 10_001 })).toMatchObject({ due: { dueAt: NOW + 10_001 } })
  })

  it.each([
    [ann, { then: 'release' }, 'two-person-required'],
    [{ ...ann, role: 'reader' }, { then: 'keep' }, 'forbidden'],
    [bob, { releaseAt: NOW - 1 }, 'embargo-in-past'],
    [bob, { releaseAt: NOW + 367 * DAY }, 'release-too-far'],
    [bob, { content: { ...content, expiresAt: iso(NOW + 5_000) } }, 'expires-before-release'],
    [bob, { content: { ...content, expiresAt: iso(NOW + 31 * DAY) } }, 'expires-too-late'],
  ] as const)('is not created by %j with %j', (by, input, code) => {
    expect(created(input, by)).toMatchObject({ kind: 'refusal', code })
  })

  it.each(['keep', 'submit', 'release'] as const)('must keep to the length budget: %s', (then) => {
    const short = policySchema.parse({ maxGraphemes: 20 })
    const long = { ...content, text: 'x'.repeat(21) }
    expect(decideNew({ content: long, then }, bob, short, NOW)).toMatchObject({ code: 'text-too-long' })
  })
})

describe('approval', () => {
  const pending = deskHeadline({ status: 'pending' })

  it('starts the undo window and names the approver', () => {
    expect(decided(pending, { action: 'approve' })).toMatchObject({
      status: 'due',
      due: { kind: 'add', op: 'publish', dueAt: NOW + 10_000 },
      desk: { authors: ['ann'], approvedBy: 'bob' },
    })
  })

  it('keeps the release time that the author asks for while it is in the future', () => {
    const wanted = (releaseAt: number) =>
      deskHeadline({ status: 'pending', desk: { ...pending.desk, releaseAt } })
    expect(decided(wanted(NOW + DAY), { action: 'approve' })).toMatchObject({ due: { dueAt: NOW + DAY } })
    expect(decided(wanted(NOW - DAY), { action: 'approve' })).toMatchObject({ due: { dueAt: NOW + 10_000 } })
    expect(decided(wanted(NOW + DAY), { action: 'approve' }).desk).not.toHaveProperty('releaseAt')
  })

  it('starts the undo window at the very time that the author wants', () => {
    const wanted = deskHeadline({ status: 'pending', desk: { ...pending.desk, releaseAt: NOW } })
    expect(decided(wanted, { action: 'approve' })).toMatchObject({ due: { dueAt: NOW + 10_000 } })
  })

  it('is not allowed to an editor who returned the headline and then edited it', () => {
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

describe('a line that is submitted again', () => {
  const again = (releaseAt: number, wish: Wish = { action: 'submit' }) =>
    decided(deskHeadline({ desk: { createdBy: 'ann', authors: ['ann'], releaseAt } }), wish, { by: ann }).desk

  it('keeps the time that its author wanted while it is ahead', () => {
    expect(again(NOW + DAY)).toHaveProperty('releaseAt', NOW + DAY)
    expect(again(NOW)).not.toHaveProperty('releaseAt')
    expect(again(NOW - DAY)).not.toHaveProperty('releaseAt')
  })

  it('takes another time that is asked for', () => {
    expect(again(NOW + DAY, { action: 'submit', releaseAt: NOW + 1 })).toHaveProperty('releaseAt', NOW + 1)
  })
})

describe('a due headline', () => {
  const desk = { createdBy: 'ann', authors: ['ann'], approvedBy: 'bob', expiresByDefault: true } as const
  const ended = { ...content, expiresAt: iso(NOW + DAY) }
  const due = (dueAt: number) => deskHeadline({ status: 'due', dueAt, desk, content: ended })

  it('gets an undo window when it is released early, and is released at once by a second release within it', () => {
    expect(decided(due(NOW + DAY), { action: 'release' }).due).toEqual({
      kind: 'edit',
      dueAt: NOW + 10_000,
      waitMs: 10_000,
    })
    expect(decided(due(NOW + 9_000), { action: 'release' }).due).toEqual({ kind: 'edit', dueAt: NOW })
  })

  it('moves its default expiry when its release time changes, but not an expiry that an editor has set', () => {
    const later = { action: 'schedule', releaseAt: NOW + 3 * DAY } as const
    expect(decided(due(NOW + DAY), later)).toMatchObject({
      due: { kind: 'edit', dueAt: NOW + 3 * DAY },
      content: { expiresAt: iso(NOW + 4 * DAY) },
    })
    const { expiresByDefault: _, ...own } = desk
    const set = deskHeadline({ status: 'due', dueAt: NOW + MINUTE, desk: own, content: ended })
    expect(refused(set, later)).toBe('expires-before-release')
  })

  it('keeps its release time with a new text by a person who may publish alone', () => {
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

  it('takes new words at the moment of its release, and while that is late', () => {
    for (const dueAt of [NOW, NOW - 1, NOW - 59_000])
      expect(decided(due(dueAt), { action: 'save', patch: { text: 'Bridge open' } })).toMatchObject({
        due: { kind: 'edit' },
        content: { text: 'Bridge open' },
      })
  })

  it('takes no end before its release, measured from when it was due', () => {
    const wish = (expiresAt: number) => ({ action: 'save', patch: { expiresAt: iso(expiresAt) } }) as const
    expect(refused(due(NOW + MINUTE), wish(NOW + MINUTE))).toBe('expires-before-release')
    expect(decided(due(NOW + MINUTE), wish(NOW + MINUTE + 1)).due).toEqual({ kind: 'edit', waitMs: 10_000 })
    const noUndo = policySchema.parse({ undoMs: { bulletin: 0 } })
    expect(refused(due(NOW - MINUTE), wish(NOW - MINUTE), { policy: noUndo })).toBe('expires-before-release')
    expect(decided(due(NOW - MINUTE), wish(NOW - MINUTE + 1), { policy: noUndo }).due).toEqual({
      kind: 'edit',
    })
    expect(refused(due(NOW), wish(NOW + 10_000))).toBe('expires-before-release')
    expect(decided(due(NOW), wish(NOW + 10_001)).due).toHaveProperty('dueAt', NOW + 10_000)
  })

  it('goes back for approval with a new text by any other person, and keeps its release time', () => {
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

  it('is released at once by a person who may publish alone', () => {
    expect(decided(live, { action: 'correct', patch })).toMatchObject({
      due: { kind: 'add', op: 'correct' },
      content: { text: 'Bridges closed', expiresAt: iso(NOW + DAY) },
      desk: { authors: ['bob'], approvedBy: 'bob' },
      words: ['bridges', 'closed'],
      isRelease: true,
    })
  })

  it('is a proposal by any other person: readers see it only after a second person approves it', () => {
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
  ] as const)('%s an urgency that needs a second person is a proposal', (_way, before, after) => {
    const policy = policySchema.parse({ alone: { flash: 'nobody' } })
    const headline = { ...live, content: { ...live.content, urgency: before } }
    const outcome = decided(headline, { action: 'correct', patch: { urgency: after } }, { policy })
    expect(outcome.proposal).toBe(true)
  })

  it('keeps to the budget, and so does the approval of a proposal', () => {
    const short = policySchema.parse({ maxGraphemes: 20 })
    const long = 'x'.repeat(21)
    expect(refused(live, { action: 'correct', patch: { text: long } }, { policy: short })).toBe(
      'text-too-long',
    )
    const proposal = { content: { ...content, text: long }, authors: ['ann'], submittedBy: 'ann' }
    const waiting = deskHeadline({ ...live, desk: { ...desk, proposal } })
    expect(refused(waiting, { action: 'approve' }, { policy: short })).toBe('text-too-long')
  })

  it('of a held headline waits for its resume', () => {
    const held = { ...live, status: 'held' } as const
    expect(decided(held, { action: 'correct', patch })).toMatchObject({
      due: { kind: 'none' },
      content: { text: 'Bridges closed' },
    })
  })

  it('accepts an unchanged expiry that has passed, and checks an expiry that it sets', () => {
    const late = { ...live, content: { ...content, expiresAt: iso(NOW - 1) } }
    expect(decided(late, { action: 'correct', patch }).content).toMatchObject({ expiresAt: iso(NOW - 1) })
    const set = (expiresAt: string | null) => ({ action: 'correct', patch: { expiresAt } }) as const
    expect(refused(live, set(iso(NOW - 1)))).toBe('expires-before-release')
    expect(refused(live, set(iso(NOW + 31 * DAY)))).toBe('expires-too-late')
    expect(decided(live, set(null)).content).toMatchObject({ expiresAt: iso(NOW + DAY) })
  })

  it('with the content of an earlier version keeps the current expiry', () => {
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

describe('a headline that is restored to a draft', () => {
  it('has as authors all earlier ones and the person who restored it, and has no expiry', () => {
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

describe('a headline whose release was missed', () => {
  const late = deskHeadline({
    status: 'needs-decision',
    desk: { createdBy: 'ann', authors: ['ann'], approvedBy: 'bob' },
  })

  it('is released by any editor, and with a new text only by another editor than its author', () => {
    const release = { action: 'release' } as const
    expect(decided(late, release, { policy: strict }).status).toBe('due')
    const saved = decided(late, { action: 'save', patch: { text: 'Bridge open' } }, { policy: strict })
    const rewritten = { ...late, desk: saved.desk ?? late.desk }
    expect(refused(rewritten, release, { policy: strict })).toBe('two-person-required')
    expect(decided(rewritten, release, { by: cat, policy: strict }).status).toBe('due')
  })

  it('cannot be approved, and the refusal names the possible actions', () => {
    expect(decide(late, { action: 'approve' }, ann, strict, NOW)).toMatchObject({ code: 'forbidden' })
    expect(decide(late, { action: 'approve' }, bob, strict, NOW)).toMatchObject({
      code: 'needs-decision',
      allowed: ['save', 'release', 'schedule', 'withdraw', 'discard'],
    })
  })
})

it('a withdrawal leaves the desk state as it is and publishes the note', () => {
  const live = deskHeadline({ status: 'live' })
  expect(decided(live, { action: 'withdraw', note: 'Wrong' }, { by: ann })).toEqual({
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

it.each(['hold', 'withdraw', 'expire'] as const)(
  'under the two-person rule a %s goes at once, without the note of one person',
  (action) => {
    const live = deskHeadline({ status: 'live' })
    const chief: DeskActor = { person: 'dan', role: 'chief', secondFactor: true }
    const byChief = policySchema.parse({ alone: { [content.urgency]: 'chief' } })
    const wish = { action, note: 'Wrong' }
    expect(decided(live, wish, { policy: strict })).toMatchObject({
      due: { kind: 'add', op: action },
      content: {},
      keptNote: 'Wrong',
    })
    expect(decided(live, wish, { policy: byChief })).toMatchObject({ content: {}, keptNote: 'Wrong' })
    expect(decided(live, wish, { by: chief, policy: byChief }).content).toEqual({ note: 'Wrong' })
    expect(decided(live, wish, { by: chief, policy: strict }).content).toEqual({})
  },
)

it('a pin and its removal say so, and a restored text without an end gets none', () => {
  const live = deskHeadline({ status: 'live' })
  expect(decided(live, { action: 'pin' })).toMatchObject({ pinned: true })
  expect(decided({ ...live, pinned: true }, { action: 'unpin' })).toMatchObject({ pinned: false })
  const restored = decided(live, { action: 'restore', content, writers: [] })
  expect(restored.content).toStrictEqual(content)
})
