import { describe, expect, it } from '@jest/globals'
import { FeedLog } from '../../../../src/gateway/memory/feed-log.ts'
import { entriesOf, type LineChange } from '../../../support/entries.ts'

const LIMIT_BYTES = 65_536
const shown: Omit<LineChange, 'line' | 'gone'> = { section: 'world', regions: ['north'], urgency: 'flash' }

describe('a log in memory', () => {
  it('holds as many events after many withdrawals as after a few', () => {
    const log = new FeedLog(
      {
        head: { epoch: 'abcdefgh', seq: 0, chain: '' },
        frozen: false,
        strip: [],
        entries: [],
        chains: new Map(),
      },
      { events: 100_000, bytes: LIMIT_BYTES },
    )
    const entries = entriesOf(
      Array.from({ length: 4_000 }, (_, n) => ({ line: 0, gone: n % 2 === 0 ? 'no' : 'withdraw', ...shown })),
    )
    const held: number[] = []
    for (const entry of entries) {
      log.append(entry)
      if (entry.seq % 400 === 0) held.push(log.entries().length)
    }
    // Later positions have more digits, so their entries are larger.
    expect(Math.min(...held)).toBeGreaterThanOrEqual((held[0] ?? 0) - 5)
    expect(log.entries().reduce((bytes, { size }) => bytes + size, 0)).toBeLessThanOrEqual(LIMIT_BYTES)
    expect(held[0]).toBeLessThan(400)
  })
})
