import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { betterSample, certainOffset, RedisClock } from '../../../../src/gateway/upstream/redis-clock.ts'

const sample = (offsetMs: number, tripMs: number, at = 0) => ({ offsetMs, tripMs, at })

describe("Redis's clock", () => {
  it.each([
    { name: 'an offset that the round trip may explain', offsetMs: 9, tripMs: 20, offset: 0 },
    { name: 'a clock that is ahead', offsetMs: 90, tripMs: 20, offset: 90 },
    { name: 'a clock that is behind', offsetMs: -5_000, tripMs: 1, offset: -5_000 },
  ])('counts $name as $offset ms', ({ offsetMs, tripMs, offset }) => {
    expect(certainOffset(sample(offsetMs, tripMs))).toBe(offset)
  })

  it('prefers the sample with the shorter round trip, and a newer one when that is old', () => {
    const quick = sample(40, 2)
    expect(betterSample(quick, sample(70, 100, 30_000))).toBe(quick)
    expect(betterSample(quick, sample(41, 2, 30_000)).offsetMs).toBe(41)
    expect(betterSample(quick, sample(70, 100, 60_000)).offsetMs).toBe(70)
    expect(betterSample(undefined, quick)).toBe(quick)
  })

  describe('as a process sees it', () => {
    beforeEach(() => {
      jest.useFakeTimers({ now: 1_000_000 })
    })
    afterEach(() => {
      jest.useRealTimers()
    })

    it('goes on from its last sample', async () => {
      const clock = new RedisClock()
      expect(clock.now()).toBe(1_000_000)
      await clock.measure(() => {
        jest.advanceTimersByTime(10)
        return Promise.resolve(1_000_505)
      })
      jest.advanceTimersByTime(90)
      expect(clock.now()).toBe(1_000_600)
    })
  })
})
