import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { BUCKETS, TimeBuckets } from '../../../src/platform/time-buckets.ts'

const time = fc.oneof(fc.nat(20), fc.nat(2_000), fc.nat(2 ** 31 - 1))
const times = fc.array(time, { minLength: 1, maxLength: 200 })
const share = fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1)

function counted(all: readonly number[]): TimeBuckets {
  const buckets = new TimeBuckets()
  for (const ms of all) buckets.add(ms)
  return buckets
}

function exactly(all: readonly number[], wanted: number): number {
  const sorted = [...all].sort((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil(wanted * all.length)) - 1]!
}

describe('times in buckets', () => {
  it('say within which time a share was done: never too low, and at most an eighth too high', () => {
    fc.assert(
      fc.property(times, share, (all, wanted) => {
        const told = counted(all).within(wanted)!
        const exact = exactly(all, wanted)
        expect(told).toBeGreaterThanOrEqual(exact)
        expect(told).toBeLessThan(Math.max(exact + 1, exact * 1.125))
      }),
    )
  })

  it('are exact below 16 ms', () => {
    for (let ms = 0; ms < 16; ms++) expect(counted([ms]).within(0.5)).toBe(ms)
  })

  it('say of merged counts what counting together says', () => {
    fc.assert(
      fc.property(times, times, (some, others) => {
        const merged = new TimeBuckets()
        merged.merge(counted(some).buckets())
        merged.merge(counted(others).buckets())
        expect(merged.buckets()).toEqual(counted([...some, ...others]).buckets())
        expect(merged.total).toBe(some.length + others.length)
      }),
    )
  })

  it('count many at once, and have a place for every time', () => {
    const buckets = new TimeBuckets()
    buckets.add(3, 98)
    buckets.add(-5, 1)
    buckets.add(Number.MAX_SAFE_INTEGER, 1)
    expect(buckets.within(0.5)).toBe(3)
    expect(buckets.within(0.01)).toBe(0)
    expect(buckets.within(1)).toBe(2 ** 31 - 1)
    expect(buckets.buckets().at(-1)).toEqual([BUCKETS - 1, 1])
  })

  it('say nothing of nothing', () => {
    expect(new TimeBuckets().within(0.5)).toBeUndefined()
  })
})
