import { expect, it } from '@jest/globals'
import { readTime } from '../../../src/eventlog/store/read-time.ts'
import type { Store } from '../../../src/eventlog/store/store.ts'

it('the time of Redis comes in seconds and microseconds', async () => {
  const redis = { time: () => Promise.resolve(['10', '500000']) }
  expect(await readTime({ redis } as unknown as Store)).toBe(10_500)
})
