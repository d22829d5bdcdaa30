import { describe, expect, it } from '@jest/globals'
import { defaultExpiry, timeFault } from '../../../src/desk/times.ts'

const now = Date.parse('2026-01-01T00:00:00Z')
const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('the times of a headline', () => {
  it.each([
    [undefined, {}],
    [undefined, { releaseAt: now }],
    [undefined, { releaseAt: now + 366 * DAY }],
    [undefined, { expiresAt: now + 1 }],
    [undefined, { releaseAt: now + HOUR, expiresAt: now + HOUR + 1 }],
    ['embargo-in-past', { releaseAt: now - 1 }],
    ['release-too-far', { releaseAt: now + 366 * DAY + 1 }],
    ['expires-before-release', { expiresAt: now }],
    ['expires-before-release', { releaseAt: now + HOUR, expiresAt: now + HOUR }],
  ])('%s: %j', (fault, times) => {
    expect(timeFault({ now, ...times })).toBe(fault)
  })

  it.each([
    [undefined, { expiresAt: now + DAY }],
    ['expires-too-late', { expiresAt: now + DAY + 1 }],
    [undefined, { releaseAt: now + HOUR, expiresAt: now + HOUR + DAY }],
    ['expires-too-late', { releaseAt: now + HOUR, expiresAt: now + HOUR + DAY + 1 }],
    [undefined, {}],
  ])('with a day at the most to show, %s: %j', (fault, times) => {
    expect(timeFault({ now, maxShownMs: DAY, ...times })).toBe(fault)
  })

  it('end after the default time of the feed', () => {
    expect(defaultExpiry(now, DAY)).toBe('2026-01-02T00:00:00.000Z')
  })
})
