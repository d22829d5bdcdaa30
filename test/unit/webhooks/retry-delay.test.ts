import { describe, expect, it } from '@jest/globals'
import { hasFailedTooLong, retryDelay, retryWaits } from '../../../src/webhooks/retry-delay.ts'

const [SECOND, HOUR] = [1_000, 3_600_000]

describe('the wait after a failure', () => {
  it('grows from a second to a day, up to a quarter longer at random, and then ends', () => {
    const least = retryWaits.map((_, index) => retryDelay(index + 1, 0, () => 0))
    expect([least[0], least.at(-1)]).toEqual([SECOND, 24 * HOUR])
    expect(least).toEqual([...least].sort((a, b) => Number(a) - Number(b)))
    expect(retryDelay(1, 0, () => 1)).toBe(1.25 * SECOND)
    expect(retryDelay(retryWaits.length + 1)).toBe('give-up')
  })

  it('is as long as the endpoint wants, but for an hour at most', () => {
    expect(retryDelay(1, 20 * SECOND, () => 0)).toBe(20 * SECOND)
    expect(retryDelay(1, 30 * HOUR, () => 0)).toBe(HOUR)
  })

  it('ends after some days in any case', () => {
    expect([hasFailedTooLong(90 * HOUR), hasFailedTooLong(120 * HOUR)]).toEqual([false, true])
    expect([hasFailedTooLong(HOUR / 2, [1]), hasFailedTooLong(2 * HOUR, [1])]).toEqual([false, true])
  })
})
