import { expect, it } from '@jest/globals'
import { returnAfterMs } from '../../../../src/gateway/admission/return-after-ms.ts'

it('a reader comes back after a random time from 1 s to 5 s', () => {
  const waits = Array.from({ length: 1_000 }, () => returnAfterMs())
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000)
  expect(Math.max(...waits)).toBeLessThanOrEqual(5_000)
  expect(new Set(waits).size).toBeGreaterThan(500)
})
