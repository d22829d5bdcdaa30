import { describe, expect, it } from '@jest/globals'
import { decide, decideNew } from '../../../src/desk/decide.ts'
import type { Wish } from '../../../src/desk/decision.ts'
import type { DeskActor, DeskHeadline } from '../../../src/desk/desk-headline.ts'
import { allowedActions } from '../../../src/desk/permission.ts'
import { contentSchema } from '../../../src/protocol/headline.ts'
import type { Urgency } from '../../../src/protocol/lists/urgencies.ts'
import { policySchema, type Policy } from '../../../src/protocol/policy.ts'

const NOW = Date.parse('2026-05-01T10:00:00Z')
const UNDO = 10_000
const HOUR = 3_600_000

const editor = (person: string): DeskActor => ({ person, role: 'editor', secondFactor: true })
const [ann, bob, cat] = [editor('ann'), editor('bob'), editor('cat')]
const dan: DeskActor = { person: 'dan', role: 'chief', secondFactor: true }
const people = { ann, bob, cat, dan }

const nobody = policySchema.parse({
  alone: { flash: 'nobody', bulletin: 'nobody', urgent: 'nobody', routine: 'nobody' },
})
const chiefs = policySchema.parse({
  alone: { flash: 'chief', bulletin: 'chief', urgent: 'chief', routine: 'chief' },
})
const flashOnly = policySchema.parse({ alone: { flash: 'nobody' }, flashNeedsSecondFactor: false })
const open = policySchema.parse({})

type Act = readonly [person: keyof typeof people, wish: Wish, afterMs?: number]
const submitted = (at?: number): Wish => ({ action: 'submit', ...(at && { releaseAt: NOW + at }) })
const scheduled = (at: number): Wish => ({ action: 'schedule', releaseAt: NOW + at })
const approve: Wish = { action: 'approve' }
const release: Wish = { action: 'release' }
const undo: Wish = { action: 'undo' }
const returned: Wish = { action: 'return', reason: 'Not yet' }
const save = (patch: object): Wish => ({ action: 'save', patch })
const to = (urgency: Urgency) => save({ urgency })
const restore = (urgency: Urgency): Wish => ({
  action: 'restore',
  content: contentSchema.parse({ text: 'Bridge closed', urgency }),
  writers: ['ann'],
})

/** Ann's draft, after the acts: its status with the time until its release, or the code of the first refusal. */
function after(policy: Policy, urgency: Urgency, acts: readonly Act[]): string {
  const made = decideNew(
    { content: contentSchema.parse({ text: 'Bridge closed', urgency }), then: 'keep' },
    ann,
    policy,
    NOW,
  )
  if (made.kind === 'refusal') return made.code
  let now = NOW
  let line: DeskHeadline = {
    version: 1,
    status: 'draft',
    content: contentSchema.parse(made.content),
    desk: made.desk ?? { createdBy: 'ann', authors: [] },
  }
  for (const [person, wish, afterMs = 0] of acts) {
    now += afterMs
    const decided = decide(line, wish, people[person], policy, now)
    if (decided.kind === 'refusal') return decided.code
    line = changed(line, decided, now)
  }
  return line.dueAt === undefined ? line.status : `${line.status} ${line.dueAt - now}`
}

function changed(
  { dueAt: waited, ...line }: DeskHeadline,
  decided: Exclude<ReturnType<typeof decide>, { kind: 'refusal' }>,
  now: number,
): DeskHeadline {
  const { due, status = line.status, content, desk = line.desk } = decided
  const planned = 'dueAt' in due ? due.dueAt : due.kind === 'edit' ? waited : now
  const dueAt =
    status === 'due' ? Math.max(planned ?? now, now + ('waitMs' in due ? (due.waitMs ?? 0) : 0)) : 0
  return {
    ...line,
    status,
    desk,
    version: line.version + 1,
    ...(content && 'text' in content && { content }),
    ...(status === 'due' && { dueAt }),
  }
}

const embargo: readonly Act[] = [
  ['ann', submitted(2 * HOUR)],
  ['bob', approve],
]
const flash: readonly Act[] = [...embargo]

describe('the time of an approved line', () => {
  it.each<[string, Policy, readonly Act[], string]>([
    ['its author brings it forward', nobody, [['ann', scheduled(400)]], 'two-person-required'],
    [
      'its author brings it forward by a millisecond',
      nobody,
      [['ann', scheduled(2 * HOUR - 1)]],
      'two-person-required',
    ],
    ['its approver brings it forward', nobody, [['bob', scheduled(HOUR)]], 'two-person-required'],
    ['a third person brings it forward', nobody, [['cat', scheduled(HOUR)]], 'two-person-required'],
    [
      'a chief brings it forward where chiefs publish alone',
      chiefs,
      [['dan', scheduled(HOUR)]],
      `due ${HOUR}`,
    ],
    ['an editor brings it forward there', chiefs, [['cat', scheduled(HOUR)]], 'two-person-required'],
    ['its author keeps it', nobody, [['ann', scheduled(2 * HOUR)]], `due ${2 * HOUR}`],
    ['its author puts it off', nobody, [['ann', scheduled(3 * HOUR)]], `due ${3 * HOUR}`],
    [
      'its author puts it off and takes that back',
      nobody,
      [
        ['ann', scheduled(5 * HOUR)],
        ['ann', scheduled(2 * HOUR)],
      ],
      `due ${2 * HOUR}`,
    ],
    [
      'its author puts it off and then brings it forward',
      nobody,
      [
        ['ann', scheduled(5 * HOUR)],
        ['ann', scheduled(2 * HOUR - 1)],
      ],
      'two-person-required',
    ],
    ['its author releases it now', nobody, [['ann', release]], 'two-person-required'],
    ['its approver releases it now', nobody, [['bob', release]], 'two-person-required'],
    ['a chief releases it now where chiefs publish alone', chiefs, [['dan', release]], `due ${UNDO}`],
    [
      'its approver takes it out and submits it for now',
      nobody,
      [
        ['bob', undo],
        ['bob', submitted()],
        ['bob', approve],
      ],
      'self-approval',
    ],
    [
      'its author submits it for now, and the approver agrees',
      nobody,
      [
        ['bob', undo],
        ['ann', submitted()],
        ['bob', approve],
      ],
      `due ${UNDO}`,
    ],
    [
      'its author takes it out and schedules it',
      nobody,
      [
        ['ann', undo],
        ['ann', scheduled(HOUR)],
      ],
      'two-person-required',
    ],
    [
      'a chief brings it forward, and the author then brings it forward again',
      chiefs,
      [
        ['dan', scheduled(HOUR)],
        ['ann', scheduled(HOUR - 1)],
      ],
      'two-person-required',
    ],
    [
      'a new text is approved with the old time, and the author brings it forward',
      nobody,
      [
        ['ann', save({ text: 'Bridge open' })],
        ['bob', approve],
        ['ann', scheduled(HOUR)],
      ],
      'two-person-required',
    ],
  ])('%s', (_what, policy, acts, outcome) => {
    expect(after(policy, 'bulletin', [...embargo, ...acts])).toBe(outcome)
  })

  it('is asked for by the person who submits the line, who may not approve it', () => {
    const acts: readonly Act[] = [
      ['bob', submitted()],
      ['bob', approve],
    ]
    expect(after(nobody, 'bulletin', acts)).toBe('self-approval')
    expect(
      after(nobody, 'bulletin', [
        ['bob', submitted()],
        ['cat', approve],
      ]),
    ).toBe(`due ${UNDO}`)
    expect(
      after(nobody, 'bulletin', [
        ['bob', submitted()],
        ['bob', returned],
        ['ann', submitted()],
        ['bob', approve],
      ]),
    ).toBe(`due ${UNDO}`)
    expect(after(open, 'bulletin', acts)).toBe(`due ${UNDO}`)
  })

  it('holds for a line that did not go out, also before that time', () => {
    const stopped: DeskHeadline = {
      version: 3,
      status: 'needs-decision',
      content: contentSchema.parse({ text: 'Bridge closed' }),
      desk: { createdBy: 'ann', authors: ['ann'], approvedBy: 'bob', notBefore: NOW + HOUR },
    }
    const codeOf = (wish: Wish, actor: DeskActor) => {
      const decided = decide(stopped, wish, actor, chiefs, NOW)
      return decided.kind === 'refusal' ? decided.code : decided.status
    }
    expect(codeOf(release, ann)).toBe('two-person-required')
    expect(codeOf(scheduled(HOUR - 1), ann)).toBe('two-person-required')
    expect(codeOf(scheduled(HOUR), ann)).toBe('due')
    expect(codeOf(release, dan)).toBe('due')
  })

  it('is that of the due set for a line that an earlier version of the service accepted', () => {
    const due: DeskHeadline = {
      version: 3,
      status: 'due',
      dueAt: NOW + HOUR,
      content: contentSchema.parse({ text: 'Bridge closed' }),
      desk: { createdBy: 'ann', authors: ['ann'], approvedBy: 'bob' },
    }
    expect(decide(due, scheduled(HOUR - 1), ann, nobody, NOW)).toMatchObject({ code: 'two-person-required' })
    expect(decide(due, scheduled(HOUR), ann, nobody, NOW)).toMatchObject({ desk: { notBefore: NOW + HOUR } })
    expect(decide(due, scheduled(HOUR - 1), ann, open, NOW)).toMatchObject({
      desk: { notBefore: NOW + HOUR - 1 },
    })
  })
})

describe('the urgency of an approved line', () => {
  it.each<[string, readonly Act[], string]>([
    ['its author lowers it', [...flash, ['ann', to('routine')]], 'pending'],
    [
      'its author lowers and approves it',
      [...flash, ['ann', to('routine')], ['ann', approve]],
      'self-approval',
    ],
    [
      'another person approves the lower one',
      [...flash, ['ann', to('routine')], ['bob', approve]],
      `due ${2 * HOUR}`,
    ],
    [
      'its author releases it under the lower one that was approved',
      [...flash, ['ann', to('routine')], ['bob', approve], ['ann', release]],
      `due ${UNDO}`,
    ],
    [
      'its author lowers it while it waits for the approval',
      [
        ['ann', submitted()],
        ['ann', to('routine')],
        ['ann', approve],
      ],
      'self-approval',
    ],
    [
      'its author lowers it in steps',
      [
        ['ann', submitted()],
        ['ann', to('urgent')],
        ['ann', to('routine')],
        ['ann', approve],
      ],
      'self-approval',
    ],
    [
      'its author raises and lowers it while it waits',
      [
        ['ann', to('routine')],
        ['ann', submitted()],
        ['ann', to('flash')],
        ['ann', to('routine')],
        ['ann', approve],
      ],
      'self-approval',
    ],
    [
      'its author lowers it after a return, and releases it',
      [
        ['ann', submitted()],
        ['bob', returned],
        ['ann', to('routine')],
        ['ann', release],
      ],
      'two-person-required',
    ],
    [
      'its author takes it out, lowers and releases it',
      [...flash, ['ann', undo], ['ann', to('routine')], ['ann', release]],
      'two-person-required',
    ],
    [
      'its author takes it out and schedules it under the lower one',
      [...flash, ['ann', undo], ['ann', to('routine')], ['ann', scheduled(HOUR)]],
      'two-person-required',
    ],
    [
      'its author discards it and brings back the version before',
      [
        ['ann', submitted()],
        ['ann', { action: 'discard' }],
        ['ann', restore('routine')],
        ['ann', release],
      ],
      'two-person-required',
    ],
    [
      'a flash that nobody was asked about is lowered',
      [
        ['ann', to('routine')],
        ['ann', release],
      ],
      `due ${UNDO}`,
    ],
    ['a flash that nobody was asked about is released', [['ann', release]], 'two-person-required'],
  ])('%s', (_what, acts, outcome) => {
    expect(after(flashOnly, 'flash', acts)).toBe(outcome)
  })

  it('counts for a line that is brought back after its end', () => {
    const expired: DeskHeadline = {
      version: 3,
      status: 'expired',
      content: contentSchema.parse({ text: 'Bridge closed', urgency: 'flash' }),
      desk: {
        createdBy: 'ann',
        authors: ['ann'],
        approvedBy: 'bob',
        urgencies: ['flash'],
        notBefore: NOW - HOUR,
      },
    }
    const restored = decide(expired, restore('routine'), ann, flashOnly, NOW)
    if (restored.kind === 'refusal') throw new Error(restored.code)
    expect(restored.desk).not.toHaveProperty('notBefore')
    const draft = changed(expired, restored, NOW)
    expect(decide(draft, release, ann, flashOnly, NOW)).toMatchObject({ code: 'two-person-required' })
    expect(allowedActions(draft, ann, flashOnly)).not.toContain('release')
  })

  it('is that of the correction once a released line is corrected', () => {
    const live: DeskHeadline = {
      version: 3,
      status: 'live',
      content: contentSchema.parse({ text: 'Bridge closed', urgency: 'urgent' }),
      desk: { createdBy: 'ann', authors: ['ann'], approvedBy: 'bob', urgencies: ['urgent'] },
    }
    const corrected = decide(live, { action: 'correct', patch: { urgency: 'routine' } }, ann, open, NOW)
    expect(corrected).toMatchObject({ desk: { urgencies: ['routine'] } })
    const proposed = decide(live, { action: 'correct', patch: { urgency: 'routine' } }, ann, nobody, NOW)
    if (proposed.kind === 'refusal') throw new Error(proposed.code)
    expect(proposed.desk?.urgencies).toEqual(['urgent'])
    expect(decide(changed(live, proposed, NOW), approve, bob, nobody, NOW)).toMatchObject({
      desk: { urgencies: ['routine'] },
    })
  })
})

describe('the words of an approved line', () => {
  it.each<[string, readonly Act[], string]>([
    ['wait for approval again', [['ann', save({ text: 'Bridge open' })]], 'pending'],
    [
      'are approved by another person',
      [
        ['ann', save({ text: 'Bridge open' })],
        ['bob', approve],
      ],
      `due ${2 * HOUR}`,
    ],
    [
      'are not approved by their author',
      [
        ['bob', save({ text: 'Bridge open' })],
        ['bob', approve],
      ],
      'self-approval',
    ],
    [
      'of the approver are approved by the author',
      [
        ['bob', save({ text: 'Bridge open' })],
        ['ann', approve],
      ],
      `due ${2 * HOUR}`,
    ],
    [
      'are corrected before the release',
      [
        ['ann', { action: 'correct', patch: { text: 'Bridge open' } }],
        ['ann', approve],
      ],
      'self-approval',
    ],
  ])('%s', (_what, acts, outcome) => {
    expect(after(nobody, 'bulletin', [...embargo, ...acts])).toBe(outcome)
  })
})

describe('the undo window', () => {
  it.each<[string, Policy, Urgency, readonly Act[], string]>([
    ['begins with a release', open, 'bulletin', [['ann', release]], `due ${UNDO}`],
    ['is not shortened by a time', open, 'bulletin', [['ann', scheduled(60)]], `due ${UNDO}`],
    ['ends before a later time', open, 'bulletin', [['ann', scheduled(UNDO + 1)]], `due ${UNDO + 1}`],
    [
      'begins with an approval for a near time',
      nobody,
      'bulletin',
      [
        ['ann', submitted(60)],
        ['bob', approve],
      ],
      `due ${UNDO}`,
    ],
    [
      'begins anew with another time',
      open,
      'bulletin',
      [
        ['ann', scheduled(HOUR)],
        ['ann', scheduled(400)],
      ],
      `due ${UNDO}`,
    ],
    [
      'begins anew with other words',
      open,
      'bulletin',
      [
        ['ann', release],
        ['ann', save({ text: 'Bridge open' }), 9_000],
      ],
      `due ${UNDO}`,
    ],
    [
      'begins anew with another urgency, whose window counts',
      policySchema.parse({ undoMs: { urgent: 30_000 } }),
      'bulletin',
      [
        ['ann', release],
        ['ann', to('urgent'), 9_000],
      ],
      'due 30000',
    ],
    [
      'leaves a time that is far away with other words',
      open,
      'bulletin',
      [
        ['ann', scheduled(HOUR)],
        ['ann', save({ text: 'Bridge open' })],
      ],
      `due ${HOUR}`,
    ],
    [
      'of a flash is none',
      policySchema.parse({ flashNeedsSecondFactor: false }),
      'flash',
      [['ann', release]],
      'due 0',
    ],
    [
      'of a flash is none for a near time',
      policySchema.parse({ flashNeedsSecondFactor: false }),
      'flash',
      [['ann', scheduled(60)]],
      'due 60',
    ],
    [
      'is ended by a second release',
      open,
      'bulletin',
      [
        ['ann', release],
        ['ann', release, 1],
      ],
      'due 0',
    ],
    [
      'is not ended by a second release of a person who may not publish alone',
      nobody,
      'bulletin',
      [
        ['ann', submitted()],
        ['bob', approve],
        ['cat', release, 1],
      ],
      'two-person-required',
    ],
    [
      'is ended by a chief where chiefs publish alone',
      chiefs,
      'bulletin',
      [
        ['ann', submitted()],
        ['bob', approve],
        ['dan', release, 1],
      ],
      'due 0',
    ],
  ])('%s', (_what, policy, urgency, acts, outcome) => {
    expect(after(policy, urgency, acts)).toBe(outcome)
  })

  it('begins with a time that is this very moment', () => {
    expect(after(open, 'bulletin', [['ann', scheduled(0)]])).toBe(`due ${UNDO}`)
  })

  it('is measured from the save', () => {
    const line: DeskHeadline = {
      version: 1,
      status: 'draft',
      content: contentSchema.parse({ text: 'Bridge closed' }),
      desk: { createdBy: 'ann', authors: ['ann'] },
    }
    expect(decide(line, release, ann, open, NOW)).toMatchObject({ due: { waitMs: UNDO } })
    expect(decide(line, scheduled(60), ann, open, NOW)).toMatchObject({
      due: { dueAt: NOW + UNDO, waitMs: UNDO },
      content: { expiresAt: new Date(NOW + UNDO + 24 * HOUR).toISOString() },
    })
    expect(decide({ ...line, status: 'due', dueAt: NOW + 1 }, release, ann, open, NOW)).toHaveProperty(
      'due',
      { kind: 'edit', dueAt: NOW },
    )
  })
})
