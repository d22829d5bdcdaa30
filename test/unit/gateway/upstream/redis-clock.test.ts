import { describe, expect, it, jest } from '@jest/globals'
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
    it('goes on from its last sample', async () => {
      let now = 1_000_000
      const clock = new RedisClock(() => now)
      expect(clock.now()).toBe(1_000_000)
      await clock.measure(() => {
        now += 10
        return Promise.resolve(1_000_505)
      })
      now += 90
      expect(clock.now()).toBe(1_000_600)
    })

    it('goes on evenly when the clock of the machine is set', async () => {
      const clock = new RedisClock()
      await clock.measure(() => Promise.resolve(5_000))
      const wrong = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000)
      try {
        expect(Math.abs(clock.now() - 5_000)).toBeLessThan(60_000)
      } finally {
        wrong.mockRestore()
      }
    })
  })
})
