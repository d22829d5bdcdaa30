import { describe, expect, it } from '@jest/globals'
import type { FeedEvent, Headline } from '../../../../web/sdk/index.ts'
import { seenOf } from '../../../../web/widget/lines-shown.ts'
import type { Notice } from '../../../../web/widget/notice.ts'
import { lasting, MAX_NOTICES, noted, withNotices } from '../../../../web/widget/notices.ts'

const at = '2026-01-02T03:04:05.000Z'
const known = { version: 1, publishedAt: at, updatedAt: at }
const line = (id: string, place: number, more: Partial<Headline> = {}): Headline => ({
  ...{ id, place, ...known, text: `Words of ${id}`, speaker: `Speaker of ${id}`, urgency: 'flash' },
  ...{ status: 'live', regions: ['north'], tags: [], link: `https://example.org/${id}`, ...more },
})
const event = (op: string, status: string, id: string, place = 1, note?: string): FeedEvent =>
  ({
    ...{ position: 'aaaaaaaa:9', op, at },
    headline: { ...known, id, place, version: 2, status, ...(note && { note }) },
  }) as unknown as FeedEvent

const strip = [line('c', 3), line('b', 2), line('a', 1)]
const after = (...events: FeedEvent[]): readonly Notice[] =>
  events.reduce<readonly Notice[]>((notices, each) => noted(notices, each, [...strip, ...notices], 1_000), [])
const ids = (lines: readonly Headline[]): string => lines.map(({ id }) => id).join(' ')

describe('a notice', () => {
  it.each([
    { op: 'withdraw', status: 'withdrawn' },
    { op: 'hold', status: 'held' },
    // An earlier event of a line that has been withdrawn since: the withdrawal follows.
    { op: 'correct', status: 'withdrawn' },
  ])('follows a $op with the status $status, with the note and none of the words', ({ op, status }) => {
    const [notice, ...others] = after(event(op, status, 'b', 2, 'We are checking this.'))
    expect(others).toEqual([])
    expect(notice).toMatchObject({ removed: status, note: 'We are checking this.', version: 2, until: 1_000 })
    expect(JSON.stringify(notice)).not.toMatch(/of b|example|north|flash/)
  })

  it.each([
    { why: 'expired', of: event('expire', 'expired', 'b') },
    { why: 'left the filter', of: event('leave', 'filtered', 'b') },
    { why: 'has other words in a later event', of: event('correct', 'superseded', 'b') },
    { why: 'was not on the screen', of: event('withdraw', 'withdrawn', 'other') },
  ])('does not follow where the line $why', ({ of }) => {
    expect(after(of)).toEqual([])
  })

  it('of a hold becomes that of a withdrawal', () => {
    const notices = after(
      event('hold', 'held', 'b', 2, 'Checking.'),
      event('withdraw', 'withdrawn', 'b', 2, 'Wrong.'),
    )
    expect(notices).toMatchObject([{ id: 'b', removed: 'withdrawn', note: 'Wrong.' }])
  })

  it('ends with a resume of the line, and with nothing that happens to others', () => {
    const held = event('hold', 'held', 'b')
    expect(after(held, event('resume', 'live', 'b'))).toEqual([])
    expect(ids(after(held, event('resume', 'live', 'a'), event('withdraw', 'withdrawn', 'c')))).toBe('b c')
  })

  it('ends after its time, and where the line is in the strip again', () => {
    const notices = after(event('withdraw', 'withdrawn', 'b'))
    expect(ids(lasting(notices, [], 999))).toBe('b')
    expect(ids(lasting(notices, [], 1_000))).toBe('')
    expect(ids(lasting(notices, strip, 0))).toBe('')
  })

  it('is one of a few', () => {
    const many = Array.from({ length: 30 }, (_, n) => line(`${n}`, n + 1))
    const notices = many.reduce<readonly Notice[]>(
      (all, { id }) => noted(all, event('withdraw', 'withdrawn', id), many, 1),
      [],
    )
    expect(notices).toHaveLength(MAX_NOTICES)
    expect(notices.at(-1)?.id).toBe('29')
  })

  it('stands in the place of its line', () => {
    const notices = after(event('withdraw', 'withdrawn', 'b', 2))
    expect(ids(withNotices([line('c', 3), line('a', 1)], notices))).toBe('c b a')
    const pinned = noted([], event('hold', 'held', 'b', 2), [line('b', 2, { pinned: true })], 1)
    expect(ids(withNotices([line('c', 3), line('a', 1)], pinned))).toBe('b c a')
  })
})

describe('the lines that have been on the screen', () => {
  it('are all of a list, and none of a crawl', () => {
    expect(ids(seenOf([], strip, 0, 'list'))).toBe('c b a')
    expect(ids(seenOf(strip, strip, 0, 'crawl'))).toBe('')
  })

  it('are those that a strip has come to, as long as it has them', () => {
    const first = seenOf([], strip, 0, 'strip')
    const second = seenOf(first, strip, 1, 'strip')
    expect([ids(first), ids(second)]).toEqual(['c', 'c b'])
    expect(ids(seenOf(second, strip.slice(1), 0, 'strip'))).toBe('b')
  })
})
