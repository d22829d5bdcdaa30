import { describe, expect, it } from '@jest/globals'
import {
  screensClearedAt,
  screensCleared,
  GONE_AFTER_MS,
} from '../../../../src/api/receipts/screens-cleared.ts'

const gateway = (
  screens: Partial<Record<'asked' | 'cleared' | 'left' | 'returned' | 'silent', number>>,
  agoMs = 0,
) => ({
  gateway: 'g',
  agoMs,
  readers: 0,
  times: [],
  screens: { asked: 0, cleared: 0, left: 0, returned: 0, silent: 0, ...screens },
})
const none = { screens: 0, cleared: 0, percent: null, missing: 0, left: 0, silent: 0 }

describe('of all gateways', () => {
  it.each([
    ['nobody was asked', [gateway({})], none],
    [
      'all have cleared',
      [gateway({ asked: 2, cleared: 2 }), gateway({ asked: 1, cleared: 1, silent: 4 })],
      { ...none, screens: 3, cleared: 3, percent: 100, silent: 4 },
    ],
    [
      'one of a thousand is missing',
      [gateway({ asked: 3_000, cleared: 2_999 })],
      { ...none, screens: 3_000, cleared: 2_999, percent: 99.9, missing: 1 },
    ],
    [
      'one has left',
      [gateway({ asked: 2, cleared: 1, left: 1 })],
      { ...none, screens: 2, cleared: 1, percent: 50, missing: 1, left: 1 },
    ],
    [
      'one has left and come back elsewhere',
      [gateway({ asked: 2, cleared: 1, left: 1 }), gateway({ asked: 1, cleared: 1, returned: 1 })],
      { ...none, screens: 2, cleared: 2, percent: 100 },
    ],
    [
      'one was away and came',
      [gateway({ asked: 2, cleared: 2, returned: 1 })],
      { ...none, screens: 2, cleared: 2, percent: 100 },
    ],
    [
      'a gateway has died with two, one of which came back elsewhere',
      [gateway({ asked: 3, cleared: 1 }, GONE_AFTER_MS + 1), gateway({ asked: 1, cleared: 1, returned: 1 })],
      { ...none, screens: 3, cleared: 2, percent: 66.6, missing: 1, left: 1 },
    ],
  ])('%s', (_what, gateways, cleared) => {
    expect(screensCleared(gateways)).toEqual(cleared)
  })

  it('is nothing where none tells', () => {
    const { screens: _, ...silent } = gateway({})
    expect(screensCleared([silent])).toBeUndefined()
    expect(screensClearedAt(silent)).toBeUndefined()
  })
})

it('says of one gateway who is there and missing, and who has left it', () => {
  const its = { asked: 5, cleared: 2, left: 1, returned: 1 }
  const missing = { ...none, screens: 4, cleared: 2, percent: 50, missing: 2, left: 1 }
  expect(screensClearedAt(gateway(its, GONE_AFTER_MS))).toEqual(missing)
  const gone = { ...none, screens: 2, cleared: 2, percent: 100, left: 3 }
  expect(screensClearedAt(gateway(its, GONE_AFTER_MS + 1))).toEqual(gone)
})
