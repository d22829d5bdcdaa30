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
  it('give the time within which a share lies: never too low, and at most an eighth too high', () => {
    fc.assert(
      fc.property(times, share, (all, wanted) => {
        const result = counted(all).within(wanted)!
        const exact = exactly(all, wanted)
        expect(result).toBeGreaterThanOrEqual(exact)
        expect(result).toBeLessThan(Math.max(exact + 1, exact * 1.125))
      }),
    )
  })

  it('are exact below 16 ms', () => {
    for (let ms = 0; ms < 16; ms++) expect(counted([ms]).within(0.5)).toBe(ms)
  })

  it('give the same for merged counts as for counting all times together', () => {
    fc.assert(
      fc.property(times, times, (first, second) => {
        const merged = new TimeBuckets()
        merged.merge(counted(first).buckets())
        merged.merge(counted(second).buckets())
        expect(merged.buckets()).toEqual(counted([...first, ...second]).buckets())
        expect(merged.total).toBe(first.length + second.length)
      }),
    )
  })

  it('count many equal times at once, and have a bucket for every time', () => {
    const buckets = new TimeBuckets()
    buckets.add(3, 98)
    buckets.add(-5, 1)
    buckets.add(Number.MAX_SAFE_INTEGER, 1)
    expect(buckets.within(0.5)).toBe(3)
    expect(buckets.within(0.01)).toBe(0)
    expect(buckets.within(1)).toBe(2 ** 31 - 1)
    expect(buckets.buckets().at(-1)).toEqual([BUCKETS - 1, 1])
  })

  it('give undefined without any times', () => {
    expect(new TimeBuckets().within(0.5)).toBeUndefined()
  })
})
