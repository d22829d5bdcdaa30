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

describe('an announcement', () => {
  it.each([
    { floor: 'flash', expected: 'f' },
    { floor: 'bulletin', expected: 'f b' },
    { floor: 'routine', expected: 'f b u r' },
    { floor: 'off', expected: '' },
  ] as const)('at the level $floor has the lines "$expected"', ({ floor, expected }) => {
    const all = (['flash', 'bulletin', 'urgent', 'routine'] as const).map((word) =>
      event('publish', word[0] ?? '', word),
    )
    expect(ids(heard(all, floor))).toBe(expected)
  })

  it('covers a correction with a note, but no correction without one, no pin and no resume', () => {
    expect(
      ids(heard([event('correct', 'a', 'flash', { note: 'It was not so.' }), event('correct', 'b')])),
    ).toBe('a')
    expect(ids(heard([event('pin', 'a'), event('unpin', 'b'), event('resume', 'c')]))).toBe('')
  })

  it('has the newest text of a waiting line, and no line that is gone or no longer urgent enough', () => {
    const two = [event('publish', 'a'), event('publish', 'b')]
    expect(heard([...two, event('correct', 'a', 'flash', { text: 'New' })]).waiting).toMatchObject([
      { id: 'b' },
      { id: 'a', text: 'New' },
    ])
    expect(ids(heard([...two, event('withdraw', 'a')]))).toBe('b')
    expect(ids(heard([...two, event('correct', 'a', 'routine')]))).toBe('b')
  })

  it('has no line of an unknown urgency', () => {
    expect(ids(heard([event('publish', 'a', 'cataclysm' as Urgency)], 'routine'))).toBe('')
    expect(ids(heard([event('publish', 'a', 'cataclysm' as Urgency)], 'off'))).toBe('')
  })

  it('has less than a hundred lines', () => {
    expect(
      heard(Array.from({ length: 500 }, (_, n) => event('publish', `${n}`))).waiting.length,
    ).toBeLessThan(100)
  })
})

describe('the time of an announcement', () => {
  it('is at once, then 20 seconds later with all lines of that time', () => {
    const [first, said] = speak(heard([event('publish', 'a')]), 1_000)
    expect(said).toMatchObject([{ id: 'a' }])
    const more = hear(hear(first, event('publish', 'b'), 'flash'), event('publish', 'c'), 'flash')
    expect(speak(more, 1_000 + ANNOUNCE_EVERY_MS - 1)).toEqual([more])
    expect(speak(more, 1_000 + ANNOUNCE_EVERY_MS)[1]).toMatchObject([{ id: 'b' }, { id: 'c' }])
  })

  it('comes once for the withdrawal of an announced line', () => {
    const [spoken] = speak(heard([event('publish', 'a')]), 0)
    const gone = hear(spoken, event('withdraw', 'a'), 'flash')
    const [after, said] = speak(gone, ANNOUNCE_EVERY_MS)
    expect(said).toEqual([])
    expect(speak(after, 3 * ANNOUNCE_EVERY_MS)).toHaveLength(1)
    // A notice tells of the withdrawal.
    const noticed = hear(spoken, event('withdraw', 'a'), 'flash', true)
    expect(speak(noticed, ANNOUNCE_EVERY_MS)).toHaveLength(1)
    expect(speak(noticed, ANNOUNCE_EVERY_MS - 1, true)).toHaveLength(1)
    expect(speak(noticed, ANNOUNCE_EVERY_MS, true)[1]).toEqual([])
    expect(speak(hear(spoken, event('withdraw', 'other'), 'flash'), ANNOUNCE_EVERY_MS)).toHaveLength(1)
  })
})
