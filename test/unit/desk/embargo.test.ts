import { describe, expect, it } from '@jest/globals'
import { decide, decideNew } from '../../../src/desk/decide.ts'
import type { NewHeadline, Wish } from '../../../src/desk/decision.ts'
import type { DeskActor, DeskHeadline } from '../../../src/desk/desk-headline.ts'
import { contentSchema } from '../../../src/protocol/headline.ts'
import { policySchema } from '../../../src/protocol/policy.ts'

const NOW = Date.parse('2026-05-01T10:00:00Z')
const HOUR = 3_600_000
const END = NOW + 2 * HOUR

const ann: DeskActor = { person: 'ann', role: 'editor', secondFactor: true }
const bob: DeskActor = { person: 'bob', role: 'editor', secondFactor: true }
const dan: DeskActor = { person: 'dan', role: 'chief', secondFactor: true }
const policy = policySchema.parse({ undoMs: { urgent: 0, bulletin: 0, routine: 0 } })
const content = contentSchema.parse({ text: 'Bridge closed' })

/** A draft of Ann under an embargo, or with other facts. */
function headline(facts: Partial<DeskHeadline> = {}): DeskHeadline {
  const desk = { createdBy: 'ann', authors: ['ann'], embargoUntil: END }
  return { version: 1, status: 'draft', content, desk, ...facts }
}
const due = headline({ status: 'due', dueAt: END })

/** The hours until the release, or the status without one, or the code of the refusal and the role that it names. */
function outcomeOf(line: DeskHeadline, actor: DeskActor, wish: Wish, now = NOW): string | number | undefined {
  const decided = decide(line, wish, actor, policy, now)
  if (decided.kind === 'refusal') return [decided.code, decided.role].filter(Boolean).join(' ')
  if (decided.due.kind !== 'add' && decided.due.kind !== 'edit') return decided.status
  return ((decided.due.dueAt ?? now) - now) / HOUR
}

describe('a headline under an embargo', () => {
  it.each<[string, DeskHeadline, DeskActor, Wish, string | number]>([
    ['is not released before its end', headline(), ann, { action: 'release' }, 'embargoed'],
    ['not by a chief either', headline(), dan, { action: 'release' }, 'embargoed'],
    ['not while it waits', due, dan, { action: 'release' }, 'embargoed'],
    ['not a millisecond earlier', headline(), dan, { action: 'schedule', releaseAt: END - 1 }, 'embargoed'],
    ['is released at its end', headline(), ann, { action: 'schedule', releaseAt: END }, 2],
    [
      'is not submitted for an earlier time',
      headline(),
      ann,
      { action: 'submit', releaseAt: NOW + HOUR },
      'embargoed',
    ],
    ['is taken back', due, ann, { action: 'undo' }, 'draft'],
    ['is freed by a chief', due, dan, { action: 'release', embargoUntil: null }, 0],
    ['is not freed by an editor', due, ann, { action: 'release', embargoUntil: null }, 'forbidden chief'],
    [
      'is not freed by an editor who sets an earlier end',
      headline(),
      bob,
      { action: 'schedule', releaseAt: NOW + HOUR, embargoUntil: NOW + HOUR },
      'forbidden chief',
    ],
    [
      'is not freed by a submission',
      headline(),
      ann,
      { action: 'submit', embargoUntil: null },
      'forbidden chief',
    ],
    [
      'is released earlier by a chief who sets an earlier end',
      headline(),
      dan,
      { action: 'schedule', releaseAt: NOW + HOUR, embargoUntil: NOW + HOUR },
      1,
    ],
    [
      'waits longer where an editor sets a later end',
      headline(),
      bob,
      { action: 'schedule', releaseAt: NOW + 3 * HOUR, embargoUntil: NOW + 3 * HOUR },
      3,
    ],
  ])('%s', (_is, line, actor, wish, outcome) => {
    expect(outcomeOf(line, actor, wish)).toBe(outcome)
  })

  it('waits for its end after an approval', () => {
    const submitted = decide(headline(), { action: 'submit' }, ann, policy, NOW)
    const { desk } = submitted as { desk: DeskHeadline['desk'] }
    expect(desk.releaseAt).toBe(END)
    expect(outcomeOf(headline({ status: 'pending', desk }), bob, { action: 'approve' })).toBe(2)
    const { releaseAt: _, ...untimed } = desk
    expect(outcomeOf(headline({ status: 'pending', desk: untimed }), bob, { action: 'approve' })).toBe(2)
  })

  it.each<Wish>([{ action: 'undo' }, { action: 'save', patch: { text: 'Bridge shut' } }])(
    'keeps it after %j',
    (wish) => {
      const decided = decide(due, wish, ann, policy, NOW)
      expect(decided).toMatchObject({ desk: { embargoUntil: END } })
    },
  )

  it('is free after its end', () => {
    expect(outcomeOf(headline(), ann, { action: 'release' }, END)).toBe(0)
    expect(
      outcomeOf(headline(), ann, { action: 'schedule', releaseAt: END + HOUR, embargoUntil: null }, END),
    ).toBe(1)
  })

  it.each<[Partial<NewHeadline>, number | string]>([
    [{ embargoUntil: END }, 2],
    [{ embargoUntil: END, releaseAt: END + HOUR }, 3],
    [{ embargoUntil: END, releaseAt: NOW + HOUR }, 'embargoed'],
  ])('is posted: %j', (times, hours) => {
    const made = decideNew({ content, then: 'release', ...times }, ann, policy, NOW)
    const released = made.kind === 'decision' && 'dueAt' in made.due ? (made.due.dueAt ?? NOW) - NOW : 0
    expect(made.kind === 'refusal' ? made.code : released / HOUR).toBe(hours)
  })
})
