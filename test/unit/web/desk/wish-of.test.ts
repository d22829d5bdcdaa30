import { describe, expect, it } from '@jest/globals'
import { changed, newDraft, type Change } from '../../../../web/desk/composer/draft.ts'
import type { ComposedLine } from '../../../../web/desk/composer/wish.ts'
import { mainAct, wishOf } from '../../../../web/desk/composer/wish-of.ts'
import { wordsOf } from '../../../../web/desk/composer/words.ts'

const line: ComposedLine = {
  id: 'R80oiUdt_cSumQAvgK3vDg',
  version: 7,
  contentVersion: 4,
  status: 'live',
  content: { text: 'Bridge closed', urgency: 'urgent', regions: ['marrowick'], tags: [], section: 'city' },
  allowed: ['correct'],
}
const time = { local: '2026-12-01T12:00', zone: 'UTC' }
const releaseAt = '2026-12-01T12:00:00.000Z'

function draftOf(change: Change, start = line) {
  const { content = { text: '', urgency: 'urgent' }, contentVersion = 1 } = start
  return changed(newDraft({ words: wordsOf(content), seen: contentVersion }), change)
}

describe('a new line', () => {
  it('is posted with the fields that are filled', () => {
    const draft = changed(newDraft(), {
      text: 'Bridge closed',
      speaker: ' Mayor ',
      regions: 'marrowick، tarrow  tarrow',
      reason: 'called the mayor',
      expiresAt: time,
    })
    expect(wishOf(draft, 'submit').steps).toEqual([
      {
        act: 'post',
        body: {
          text: 'Bridge closed',
          urgency: 'urgent',
          speaker: 'Mayor',
          regions: ['marrowick', 'tarrow'],
          expiresAt: releaseAt,
          then: 'submit',
          reason: 'called the mayor',
        },
      },
    ])
  })

  it('waits for its time', () => {
    const draft = changed(newDraft(), { text: 'Later', releaseAt: time })
    expect(wishOf(draft, 'release').steps[0]?.body).toMatchObject({ then: 'release', releaseAt })
  })
})

describe('a line that is out', () => {
  it('is corrected by the fields that change, on the version that was seen', () => {
    const draft = draftOf({ text: 'Bridge closed for weeks', section: '', note: 'No end was named.' })
    expect(wishOf(draft, 'correct', line).steps).toEqual([
      {
        act: 'correct',
        version: 7,
        body: {
          text: 'Bridge closed for weeks',
          section: null,
          kind: 'correction',
          note: 'No end was named.',
        },
      },
    ])
  })

  it('is refiled without a note', () => {
    const { steps } = wishOf(draftOf({ text: 'Bridge  closed' }), 'correct', line)
    expect(steps[0]?.body).toEqual({ text: 'Bridge  closed', kind: 'refile' })
  })

  it('is not corrected on words that its editor has not seen', () => {
    const changedSince = { ...line, version: 9, contentVersion: 8 }
    expect(wishOf(draftOf({ text: 'Mine' }), 'correct', changedSince).steps[0]?.version).toBe(4)
  })

  it('has nothing to send while nothing has changed', () => {
    expect(wishOf(draftOf({ text: 'Bridge closed ' }), 'correct', line).steps).toEqual([])
  })
})

describe('a line that is not out', () => {
  const draftLine: ComposedLine = { ...line, status: 'draft', allowed: ['save', 'submit', 'release'] }

  it('is saved, then scheduled on the version that the save makes', () => {
    const { steps } = wishOf(draftOf({ text: 'New', releaseAt: time }), 'release', draftLine)
    expect(steps).toEqual([
      { act: 'save', version: 7, body: { text: 'New' } },
      { act: 'schedule', body: { releaseAt } },
    ])
  })

  it('goes on its way without a save where its words are the same', () => {
    expect(wishOf(draftOf({}), 'submit', draftLine).steps).toEqual([{ act: 'submit', version: 7, body: {} }])
  })

  it('gets another time while it waits', () => {
    const due: ComposedLine = { ...line, status: 'due', releaseAt, allowed: ['save', 'schedule'] }
    const later = { ...time, local: '2026-12-01T13:00' }
    expect(mainAct(due, true)).toBe('keep')
    expect(wishOf(draftOf({ releaseAt: time }), 'keep', due).steps).toEqual([])
    expect(wishOf(draftOf({ releaseAt: later }), 'keep', due).steps).toEqual([
      { act: 'schedule', version: 7, body: { releaseAt: '2026-12-01T13:00:00.000Z' } },
    ])
  })
})

describe('an embargo', () => {
  const now = Date.parse('2026-11-30T00:00:00Z')
  const end = Date.parse(releaseAt)
  const desk = { embargoUntil: end }
  const draftLine: ComposedLine = { ...line, status: 'draft', desk, allowed: ['save', 'submit', 'release'] }
  const bodyOf = (change: Change, on: ComposedLine | undefined, at = now) =>
    wishOf(draftOf(change), 'release', on, at).steps.map(({ act, body }) => [act, body])

  it('ends when the new line comes out', () => {
    const [post] = bodyOf({ text: 'Later', releaseAt: time, embargo: true }, undefined)
    expect(post?.[1]).toMatchObject({ releaseAt, embargoUntil: releaseAt })
  })

  it('lets a draft out at its end, and at once after that', () => {
    expect(bodyOf({}, draftLine)).toEqual([['schedule', { releaseAt }]])
    expect(bodyOf({}, draftLine, end)).toEqual([['release', {}]])
  })

  it('stays with another time, unless its author changes or lifts it', () => {
    const later = { ...time, local: '2026-12-01T13:00' }
    const at = '2026-12-01T13:00:00.000Z'
    expect(bodyOf({ releaseAt: later }, draftLine)).toEqual([['schedule', { releaseAt: at }]])
    expect(bodyOf({ releaseAt: later, embargo: true }, draftLine)).toEqual([
      ['schedule', { releaseAt: at, embargoUntil: at }],
    ])
    expect(bodyOf({ releaseAt: later, embargo: false }, draftLine)).toEqual([
      ['schedule', { releaseAt: at, embargoUntil: null }],
    ])
  })

  it('is set on a line that waits for the same time', () => {
    const due: ComposedLine = { ...line, status: 'due', releaseAt, allowed: ['save', 'schedule'] }
    expect(wishOf(draftOf({ releaseAt: time, embargo: true }), 'keep', due, now).steps).toEqual([
      { act: 'schedule', version: 7, body: { releaseAt, embargoUntil: releaseAt } },
    ])
  })

  it('of a line is the same time where the field shows no seconds', () => {
    const exact = '2026-12-01T12:00:41.250Z'
    const due: ComposedLine = { ...line, status: 'due', releaseAt: exact, allowed: ['save', 'schedule'] }
    expect(wishOf(draftOf({ releaseAt: time }), 'keep', due, now).steps).toEqual([])
    expect(wishOf(draftOf({ releaseAt: time, embargo: true }), 'keep', due, now).steps[0]?.body).toEqual({
      releaseAt: exact,
      embargoUntil: exact,
    })
  })

  it('goes with its time', () => {
    const draft = changed(draftOf({ releaseAt: time, embargo: true }), { releaseAt: null })
    expect(draft).not.toHaveProperty('embargo')
  })
})

it.each([
  [undefined, true, 'release'],
  [undefined, false, 'submit'],
  ['draft', true, 'release'],
  ['returned', false, 'submit'],
  ['pending', true, 'keep'],
  ['held', false, 'correct'],
] as const)('the main act on a line that is %s (published alone: %s) is %s', (status, mayPublish, act) => {
  expect(mainAct(status && { ...line, status }, mayPublish)).toBe(act)
})
