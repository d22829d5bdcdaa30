import { describe, expect, it } from '@jest/globals'
import {
  following,
  isPressing,
  linesShown,
  mostPressing,
  readingMs,
  stepped,
} from '../../../../web/widget/lines-shown.ts'
import type { Headline } from '../../../../web/sdk/index.ts'

const line = (id: string, version = 1) => ({ id, version, text: `${id}${version}` }) as Headline
const strip = (...ids: string[]) => ids.map((id) => line(id))
const shown = (lines: readonly Headline[], max: number, held?: string[]) => {
  const { lines: found, waiting } = linesShown(lines, max, held && new Set(held))
  return [found.map(({ text }) => text).join(' '), waiting]
}

describe('the lines of a ticker', () => {
  it.each([
    { of: ['a', 'b', 'c'], max: 2, held: undefined, shows: 'a1 b1', waiting: 0 },
    { of: [], max: 2, held: undefined, shows: '', waiting: 0 },
    // In a pause new lines wait, even if the shown lines are no longer among the newest few.
    { of: ['x', 'y', 'a', 'b'], max: 2, held: ['a', 'b'], shows: 'a1 b1', waiting: 2 },
    { of: ['x', 'a', 'b'], max: 9, held: ['a', 'b'], shows: 'a1 b1', waiting: 1 },
    // Removed lines are not replaced, and older lines are not new.
    { of: ['b', 'c'], max: 2, held: ['a', 'b'], shows: 'b1', waiting: 0 },
    { of: ['c'], max: 2, held: ['a', 'b'], shows: '', waiting: 1 },
    { of: [], max: 2, held: ['a', 'b'], shows: '', waiting: 0 },
  ])(
    'of $of, at most $max, with $held held: "$shows", and $waiting wait',
    ({ of, max, held, shows, waiting }) => {
      expect(shown(strip(...of), max, held)).toEqual([shows, waiting])
    },
  )

  it('include a corrected line in its place, in a pause too', () => {
    expect(shown([line('a'), line('b', 2)], 2, ['a', 'b'])).toEqual(['a1 b2', 0])
  })
})

describe('a step', () => {
  const lines = strip('a', 'b', 'c')

  it.each([
    { from: { id: 'a', index: 0 }, steps: 1, to: 'b' },
    { from: { id: 'c', index: 2 }, steps: 1, to: 'a' },
    { from: { id: 'a', index: 0 }, steps: -1, to: 'c' },
    { from: { id: 'b', index: 0 }, steps: 0, to: 'b' },
    // The line at index 1 is gone: c has its index now.
    { from: { id: 'gone', index: 2 }, steps: 0, to: 'c' },
    { from: { id: 'gone', index: 2 }, steps: 1, to: 'c' },
    { from: { id: 'gone', index: 2 }, steps: -1, to: 'b' },
    { from: { id: 'gone', index: 3 }, steps: 0, to: 'a' },
    { from: { id: '', index: 0 }, steps: 0, to: 'a' },
  ])('of $steps from $from goes to $to', ({ from, steps, to }) => {
    expect(stepped(lines, from, steps).id).toBe(to)
  })

  it('does nothing without lines', () => {
    expect(stepped([], { id: 'a', index: 5 }, 1)).toEqual({ id: '', index: 0 })
  })
})

describe('the line that comes next by itself', () => {
  const urgent = (id: string, urgency: string) => ({ id, urgency, text: id }) as Headline
  const lines = [urgent('a', 'routine'), urgent('b', 'flash'), urgent('c', 'urgent'), urgent('d', 'routine')]
  const unseen = (...ids: string[]) => new Map(ids.map((id) => [id, true]))

  it.each([
    { at: 'c', has: [], next: 'd' },
    { at: 'c', has: ['a'], next: 'a' },
    { at: 'd', has: ['a', 'b'], next: 'b' },
    { at: 'b', has: ['b', 'a', 'd'], next: 'a' },
    { at: 'c', has: ['gone'], next: 'd' },
  ])('after $at, with $has unseen, is $next', ({ at, has, next }) => {
    const index = lines.findIndex(({ id }) => id === at)
    expect(following(lines, { id: at, index }, unseen(...has)).id).toBe(next)
  })

  it('is the first of equally pressing lines; an unknown urgency is the least pressing', () => {
    expect(mostPressing([urgent('x', 'gigantic'), ...lines, urgent('e', 'flash')])?.id).toBe('b')
    expect([...lines, urgent('x', 'gigantic'), urgent('y', 'bulletin')].filter(isPressing)).toEqual([
      lines[1],
      urgent('y', 'bulletin'),
    ])
  })
})

it.each([
  { letters: 20, parts: 1, ms: 6_000 },
  { letters: 280, parts: 1, ms: 20_200 },
  { letters: 280, parts: 20, ms: 30_000 },
])('a line of $letters letters in $parts parts shows for $ms ms', ({ letters, parts, ms }) => {
  expect(readingMs({ text: 'x'.repeat(letters) } as Headline, parts)).toBe(ms)
})
