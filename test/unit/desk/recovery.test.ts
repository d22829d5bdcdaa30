import { describe, expect, it } from '@jest/globals'
import {
  recoverRemembered,
  recoverReported,
  type PresentHeadline,
  type Recovery,
  type RememberedHeadline,
  type ReportedHeadline,
} from '../../../src/desk/recovery.ts'
import { contentSchema } from '../../../src/protocol/headline.ts'
import { statuses, type Status } from '../../../src/protocol/lists/statuses.ts'

const older = contentSchema.parse({ text: 'Bridge closed' })
const newer = contentSchema.parse({ text: 'Bridge closed after a crack' })
const desk = { createdBy: 'ann', authors: ['ann'], approvedBy: 'bob' }

const lost = (status: Status, rest: Partial<RememberedHeadline> = {}): RememberedHeadline => ({
  ...{ version: 3, status, action: 'save', content: older, desk },
  ...rest,
})
const present = (status: Status, rest: Partial<PresentHeadline> = {}): PresentHeadline => ({
  ...{ version: 1, status, content: older, desk },
  ...rest,
})

/** A step in one line: its act, the new status, the event, and whether the desk is told. */
function inShort(step: Recovery): string {
  if (step.kind !== 'act') return step.kind
  const due = step.due.kind === 'add' ? step.due.op : step.due.kind
  const words = step.content && 'text' in step.content ? ' with words' : ''
  return `${step.action}: ${step.status ?? 'as it is'}, ${due}${words}${step.flags ? ', flagged' : ''}`
}

const decision = 'save: needs-decision, none with words, flagged'
const takenOut = 'undo: needs-decision, cancel with words, flagged'

describe('an act that the api remembers', () => {
  it.each([
    ['draft', 'save: draft, none with words, flagged'],
    ['pending', 'save: pending, none with words, flagged'],
    ['returned', 'save: returned, none with words, flagged'],
    ['rejected', 'settled'],
    ['discarded', 'settled'],
    ['due', decision],
    ['needs-decision', decision],
    ['live', decision],
    ['held', decision],
    ['withdrawn', 'withdraw: withdrawn, none with words'],
    ['expired', 'settled'],
  ] as const)('of a headline that is gone and was %s: %s', (status, step) => {
    expect(inShort(recoverRemembered(lost(status), undefined))).toBe(step)
  })

  it.each(statuses.filter((status) => status !== 'withdrawn'))(
    'repeats a withdrawal where the headline is %s again',
    (status) => {
      expect(recoverRemembered(lost('withdrawn', { note: 'Wrong' }), present(status))).toMatchObject({
        ...{ action: 'withdraw', status: 'withdrawn', due: { kind: 'add', op: 'withdraw' }, flags: false },
        content: { note: 'Wrong' },
      })
    },
  )

  it.each([
    ['held', 'live', 'hold: held, hold'],
    ['held', 'due', takenOut],
    ['held', 'held', 'settled'],
    ['held', 'draft', decision],
    ['held', 'expired', 'settled'],
    ['expired', 'live', 'expire: expired, expire'],
    ['expired', 'held', 'expire: expired, expire'],
    ['expired', 'due', takenOut],
    ['expired', 'draft', 'settled'],
    ['draft', 'due', 'undo: draft, cancel with words, flagged'],
    ['draft', 'live', 'hold: held, hold, flagged'],
    ['draft', 'held', 'settled'],
    ['draft', 'draft', 'settled'],
    ['live', 'live', 'settled'],
    ['live', 'held', 'flag'],
    ['live', 'due', 'flag'],
    ['live', 'draft', decision],
    ['live', 'pending', decision],
    ['live', 'needs-decision', 'settled'],
    ['live', 'withdrawn', 'settled'],
    ['live', 'expired', 'settled'],
    ['due', 'due', 'settled'],
    ['due', 'draft', decision],
    ['due', 'live', 'settled'],
  ] as const)('after which it was %s, and now it is %s with the same words: %s', (before, now, step) => {
    expect(inShort(recoverRemembered(lost(before), present(now)))).toBe(step)
  })

  it.each([
    ['due', 'due', takenOut],
    ['draft', 'draft', 'save: draft, none with words, flagged'],
    ['live', 'needs-decision', decision],
    ['held', 'held', 'save: as it is, none, flagged'],
    ['live', 'live', 'save: as it is, none, flagged'],
    ['held', 'live', 'hold: held, hold'],
  ] as const)('after which it was %s with newer words, and now it is %s: %s', (before, now, step) => {
    expect(inShort(recoverRemembered(lost(before, { content: newer }), present(now)))).toBe(step)
  })

  it('makes a proposal of a lost correction, by the actor who had approved its words', () => {
    expect(recoverRemembered(lost('live', { content: newer }), present('live'))).toMatchObject({
      desk: { ...desk, proposal: { content: newer, authors: ['ann'], submittedBy: 'bob' } },
    })
  })

  it('makes a lost proposal anew, and leaves another one in its place', () => {
    const proposal = { content: newer, authors: ['cem'], submittedBy: 'cem' }
    const proposed = lost('live', { desk: { ...desk, proposal } })
    const other = { ...desk, proposal: { ...proposal, content: { ...newer, text: 'Other' } } }
    expect(recoverRemembered(proposed, present('live'))).toMatchObject({ desk: { proposal } })
    expect(recoverRemembered(proposed, present('live', { desk: { ...desk, proposal } }))).toEqual({
      kind: 'settled',
    })
    expect(recoverRemembered(proposed, present('live', { desk: other }))).toEqual({
      kind: 'flag',
      text: newer.text,
    })
  })

  it('flags a lost early release of a headline that waits on', () => {
    expect(inShort(recoverRemembered(lost('due', { action: 'release' }), present('due')))).toBe('flag')
  })

  it.each([
    ['of the same version, by an api', { version: 3, lost: 'api' }, 'settled'],
    ['of a later version, by an api', { version: 4, lost: 'api' }, 'settled'],
    ['of an earlier version', { version: 2, lost: 'api' }, decision],
    ['by a gateway, which knows less', { version: 3, lost: 'gateway' }, decision],
    ['about its story', { version: 3 }, decision],
  ] as const)('meets a flag %s: %o: %s', (_whose, attention, step) => {
    expect(
      inShort(recoverRemembered(lost('live', { content: newer }), present('draft', { attention }))),
    ).toBe(step)
  })

  it('compares words, whatever the order of their members, their note and their end', () => {
    const reordered = Object.fromEntries(Object.entries(older).reverse()) as typeof older
    const noted = { ...reordered, note: 'Corrected', expiresAt: '2026-01-02T03:04:05.000Z' }
    expect(recoverRemembered(lost('live', { content: noted }), present('live'))).toEqual({ kind: 'settled' })
  })

  it('never shows words to readers', () => {
    for (const before of statuses)
      for (const now of [undefined, ...statuses])
        for (const content of [older, newer]) {
          const step = recoverRemembered(lost(before, { content }), now && present(now))
          expect([before, now, shows(step)]).toEqual([before, now, false])
        }
  })
})

describe('an event that a gateway reports', () => {
  const reported = (op: ReportedHeadline['op'], content?: typeof older): ReportedHeadline => ({
    ...{ version: 3, op },
    ...(content && { content }),
  })
  const held = 'hold: held, hold, flagged'

  it.each([
    ['withdraw', 'live', held],
    ['withdraw', 'due', 'undo: needs-decision, cancel, flagged'],
    ['withdraw', 'held', 'flag'],
    ['withdraw', 'needs-decision', 'flag'],
    ['withdraw', 'draft', 'flag'],
    ['withdraw', 'withdrawn', 'settled'],
    ['withdraw', 'expired', 'settled'],
    ['hold', 'live', held],
    ['hold', 'held', 'settled'],
    ['expire', 'live', 'flag'],
    ['expire', 'expired', 'settled'],
  ] as const)('%s of a headline that is %s: %s', (op, status, step) => {
    expect(inShort(recoverReported(reported(op), present(status)))).toBe(step)
  })

  it.each([
    ['publish', 'live', 'settled'],
    ['publish', 'due', 'settled'],
    ['publish', 'draft', 'flag'],
    ['resume', 'held', 'flag'],
    ['pin', 'live', 'settled'],
  ] as const)('%s of a headline that is %s with the same words: %s', (op, status, step) => {
    expect(inShort(recoverReported(reported(op, older), present(status)))).toBe(step)
  })

  it('gives lost words of a headline that exists to the desk, not to readers', () => {
    expect(recoverReported(reported('correct', newer), present('live'))).toEqual({
      kind: 'flag',
      text: newer.text,
    })
  })

  it('makes a draft without an author of a headline that is gone, and nothing without words', () => {
    expect(recoverReported(reported('publish', newer), undefined)).toMatchObject({
      ...{ action: 'save', status: 'draft', due: { kind: 'none' }, content: newer, flags: true },
      desk: { authors: [], unproved: true },
    })
    expect(recoverReported(reported('withdraw'), undefined)).toEqual({ kind: 'settled' })
  })

  it.each([
    ['api', 'settled'],
    ['gateway', 'settled'],
    [undefined, held],
  ] as const)('meets a flag of the same version from %s: %s', (source, step) => {
    const attention = { version: 3, ...(source && { lost: source }) }
    expect(inShort(recoverReported(reported('withdraw'), present('live', { attention })))).toBe(step)
  })

  it('never withdraws, and never shows words to readers', () => {
    for (const op of ['publish', 'correct', 'hold', 'resume', 'withdraw', 'expire', 'pin', 'unpin'] as const)
      for (const now of [undefined, ...statuses])
        for (const content of [undefined, older, newer]) {
          const step = recoverReported(reported(op, content), now && present(now))
          const takesBack = step.kind === 'act' && step.action === 'withdraw'
          expect([op, now, shows(step), takesBack]).toEqual([op, now, false, false])
        }
  })
})

function shows(step: Recovery): boolean {
  if (step.kind !== 'act') return false
  const { due } = step
  return due.kind === 'edit' || (due.kind === 'add' && !['hold', 'withdraw', 'expire'].includes(due.op))
}
