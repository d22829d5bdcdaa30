import { describe, expect, it } from '@jest/globals'
import type { FeedEvent, Urgency } from '../../../../web/sdk/index.ts'
import { ANNOUNCE_EVERY_MS, hear, silent, speak, type Announcer } from '../../../../web/widget/announcer.ts'

const event = (op: string, id: string, urgency: Urgency = 'flash', more: object = {}): FeedEvent =>
  ({
    op,
    headline: { id, urgency, status: op === 'withdraw' ? 'withdrawn' : 'live', ...more },
  }) as unknown as FeedEvent

const heard = (events: readonly FeedEvent[], floor: Urgency | 'off' = 'bulletin'): Announcer =>
  events.reduce((state, each) => hear(state, each, floor), silent)
const ids = (state: Announcer): string => state.waiting.map(({ id }) => id).join(' ')

describe('what is announced', () => {
  it.each([
    { floor: 'flash', expected: 'f' },
    { floor: 'bulletin', expected: 'f b' },
    { floor: 'routine', expected: 'f b u r' },
    { floor: 'off', expected: '' },
  ] as const)('is from $floor on: "$expected"', ({ floor, expected }) => {
    const all = (['flash', 'bulletin', 'urgent', 'routine'] as const).map((word) =>
      event('publish', word[0] ?? '', word),
    )
    expect(ids(heard(all, floor))).toBe(expected)
  })

  it('is a correction with a note, and not one that mends a slip, nor what is pinned or comes back', () => {
    expect(
      ids(heard([event('correct', 'a', 'flash', { note: 'It was not so.' }), event('correct', 'b')])),
    ).toBe('a')
    expect(ids(heard([event('pin', 'a'), event('unpin', 'b'), event('resume', 'c')]))).toBe('')
  })

  it('is the newest wording of a line that still waits, and none that is gone or presses no more', () => {
    const two = [event('publish', 'a'), event('publish', 'b')]
    expect(heard([...two, event('correct', 'a', 'flash', { text: 'New' })]).waiting).toMatchObject([
      { id: 'b' },
      { id: 'a', text: 'New' },
    ])
    expect(ids(heard([...two, event('withdraw', 'a')]))).toBe('b')
    expect(ids(heard([...two, event('correct', 'a', 'routine')]))).toBe('b')
  })

  it('is never more than a hundred lines', () => {
    expect(
      heard(Array.from({ length: 500 }, (_, n) => event('publish', `${n}`))).waiting.length,
    ).toBeLessThan(100)
  })
})

describe('when it is said', () => {
  it('is at once, then 20 seconds later with all that came meanwhile', () => {
    const [first, said] = speak(heard([event('publish', 'a')]), 1_000)
    expect(said).toMatchObject([{ id: 'a' }])
    const more = hear(hear(first, event('publish', 'b'), 'flash'), event('publish', 'c'), 'flash')
    expect(speak(more, 1_000 + ANNOUNCE_EVERY_MS - 1)).toEqual([more])
    expect(speak(more, 1_000 + ANNOUNCE_EVERY_MS)[1]).toMatchObject([{ id: 'b' }, { id: 'c' }])
  })

  it('is also when a line is gone that was spoken of, once', () => {
    const [spoken] = speak(heard([event('publish', 'a')]), 0)
    const gone = hear(spoken, event('withdraw', 'a'), 'flash')
    const [after, said] = speak(gone, ANNOUNCE_EVERY_MS)
    expect(said).toEqual([])
    expect(speak(after, 3 * ANNOUNCE_EVERY_MS)).toHaveLength(1)
    expect(speak(hear(spoken, event('withdraw', 'other'), 'flash'), ANNOUNCE_EVERY_MS)).toHaveLength(1)
  })
})
