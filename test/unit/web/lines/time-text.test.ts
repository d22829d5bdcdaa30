import { describe, expect, it } from '@jest/globals'
import { steadyClock } from '../../../../web/sdk/steady-clock.ts'
import { clockText, timeText } from '../../../../web/lines/time-text.ts'

const now = Date.parse('2026-03-14T15:00:00.000Z')
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString()

describe('timeText', () => {
  it.each([
    { minutes: -5, text: 'now' },
    { minutes: 0.9, text: 'now' },
    { minutes: 1, text: '1 min. ago' },
    { minutes: 59.9, text: '59 min. ago' },
    { minutes: 60, text: '14:00' },
    { minutes: 15 * 60, text: '00:00' },
    { minutes: 15 * 60 + 1, text: 'Mar 13, 23:59' },
  ])('says "$text" of a line $minutes minutes old', ({ minutes, text }) => {
    expect(timeText(ago(minutes), now, 'en', 'UTC')).toBe(text)
  })

  it('uses the language of the feed', () => {
    expect(timeText(ago(0), now, 'es', 'UTC')).toBe('ahora')
  })

  it('is empty for an invalid time', () => {
    expect(timeText('yesterday', now, 'en', 'UTC')).toBe('')
  })
})

describe('clockText', () => {
  it('shows the date in the time zone of the reader', () => {
    expect(clockText('2026-03-14T14:05:00.000Z', now, 'en', 'UTC')).toBe('14:05')
    expect(clockText('2026-03-14T14:05:00.000Z', now, 'en', 'Pacific/Auckland')).toBe('03:05')
    expect(clockText('2026-03-13T23:30:00.000Z', now, 'en', 'Pacific/Auckland')).toBe('Mar 14, 12:30')
  })
})

describe('steadyClock', () => {
  it('runs while the computer sleeps and never goes back', () => {
    const clocks = { monotonic: 0, wall: 0 }
    const clock = steadyClock(
      () => clocks.monotonic,
      () => clocks.wall,
    )

    Object.assign(clocks, { monotonic: 100, wall: 100 })
    expect(clock()).toBe(100)

    // The computer slept: only the wall clock ran.
    Object.assign(clocks, { monotonic: 100, wall: 60_100 })
    expect(clock()).toBe(60_100)

    // The wall clock was set back.
    Object.assign(clocks, { monotonic: 150, wall: 10 })
    expect(clock()).toBe(60_150)
  })
})
