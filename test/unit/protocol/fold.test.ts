import { describe, expect, it } from '@jest/globals'
import { fold, inOrder, stripOf } from '../../../src/protocol/fold.ts'
import type { EventFrame } from '../../../src/protocol/frames.ts'
import { ops, type Op } from '../../../src/protocol/lists/ops.ts'
import type { LiveHeadline, Tombstone } from '../../../src/protocol/headline.ts'

const at = '2026-01-01T00:00:00.000Z'
const line = (id: string, place: number, change: Partial<LiveHeadline> = {}): LiveHeadline => ({
  id,
  version: 1,
  status: 'live',
  place,
  publishedAt: at,
  updatedAt: at,
  text: `Line ${id}`,
  urgency: 'bulletin',
  regions: [],
  tags: [],
  ...change,
})
const tombstone = (id: string, status: Tombstone['status']): Tombstone => ({
  id,
  version: 2,
  status,
  place: 1,
  publishedAt: at,
  updatedAt: at,
})
const event = (op: Op, headline: EventFrame['headline']) => ({ op, headline })

describe('folding an event', () => {
  const before = stripOf([line('a', 1), line('b', 2)])
  const ids = (strip: ReturnType<typeof fold>) => inOrder(strip).map(({ id }) => id)

  it.each(['publish', 'correct', 'resume', 'pin', 'unpin'] as const)('%s shows the line as it is', (op) => {
    expect(ids(fold(before, event(op, line('c', 3))))).toEqual(['c', 'b', 'a'])
    const changed = line('a', 1, { version: 2, text: 'Changed' })
    expect(fold(before, event(op, changed)).get('a')).toEqual(changed)
  })

  it.each([
    ['hold', 'held'],
    ['withdraw', 'withdrawn'],
    ['expire', 'expired'],
    ['leave', 'filtered'],
  ] as const)('%s takes the line away', (op, status) => {
    expect(ids(fold(before, event(op, tombstone('b', status))))).toEqual(['a'])
  })

  it('an operation that is not known never shows a line', () => {
    const odd = 'amplify' as Op
    expect(ids(fold(before, event(odd, line('c', 3))))).toEqual(['b', 'a'])
    expect(ids(fold(before, event(odd, line('a', 1, { version: 2 }))))).toEqual(['b'])
  })

  it('a status that is not live is never shown, whatever the operation says', () => {
    for (const op of ops)
      for (const status of ['held', 'withdrawn', 'expired', 'filtered'] as const)
        expect(ids(fold(before, event(op, tombstone('b', status))))).toEqual(['a'])
  })

  it('leaves the strip before it as it was', () => {
    fold(before, event('withdraw', tombstone('a', 'withdrawn')))
    expect(ids(before)).toEqual(['b', 'a'])
  })

  it('an operation named like a member of every object shows nothing', () => {
    expect(ids(fold(before, event('constructor' as Op, line('c', 3))))).toEqual(['b', 'a'])
  })
})

describe('the order of the strip', () => {
  it('is newest first release first, with pinned lines above', () => {
    const strip = stripOf([line('a', 1), line('b', 2), line('c', 3, { pinned: true }), line('d', 4)])
    expect(inOrder(strip).map(({ id }) => id)).toEqual(['c', 'd', 'b', 'a'])
  })

  it('is kept by a correction', () => {
    const strip = fold(stripOf([line('a', 1), line('b', 2)]), event('correct', line('a', 1, { version: 9 })))
    expect(inOrder(strip).map(({ id }) => id)).toEqual(['b', 'a'])
  })
})
