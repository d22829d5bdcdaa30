import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { redisKeys } from '../../../src/eventlog/store/redis-keys.ts'
import { Throttle, type Attempt } from '../../../src/people/throttle.ts'
import { BusyError } from '../../../src/platform/errors.ts'
import { freshPrefix, openTestStore } from '../../support/redis.ts'

const WINDOW_MS = 15 * 60_000

let opened: Awaited<ReturnType<typeof openTestStore>>
let store: Awaited<ReturnType<typeof openTestStore>>
let throttle: Throttle
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())
beforeEach(() => {
  store = { ...opened, keys: redisKeys(freshPrefix()) }
  throttle = new Throttle(store)
})

let last = 0
const freshAddress = () => `203.0.${++last >> 8}.${last & 255}`
const fail = (target: string, ip: string) => throttle.attempt(target, ip)

/** The number of accepted tries among a number of tries. */
async function passes(times: number, target: string | (() => string), ip: string | (() => string)) {
  let passed = 0
  for (let n = 0; n < times; n++) {
    const [what, where] = [target, ip].map((of) => (typeof of === 'string' ? of : of()))
    const { limit } = await throttle.count(what!, where!)
    if (limit) expect(limit).toBeInstanceOf(BusyError)
    else passed++
  }
  return passed
}

describe('a client that guesses', () => {
  it('has ten tries for one target from one address; other addresses have their own tries', async () => {
    expect(await passes(13, 'ann', '203.0.113.1')).toBe(10)
    expect(await passes(1, 'ann', '203.0.113.2')).toBe(1)
    expect(await passes(1, 'bob', '203.0.113.1')).toBe(1)
  })

  it('has a hundred tries from one address for all targets together', async () => {
    let target = 0
    expect(await passes(103, () => `person ${++target}`, '203.0.113.1')).toBe(100)
    expect(await passes(1, 'ann', '203.0.113.2')).toBe(1)
  })

  it('has ten tries with another proof, whatever other people at the address have tried', async () => {
    let target = 0
    expect(await passes(103, () => `person ${++target}`, '203.0.113.1')).toBe(100)
    for (let n = 0; n < 10; n++) await fail('code of ann', '203.0.113.1')
    await expect(fail('code of ann', '203.0.113.1')).rejects.toThrow(BusyError)
  })

  it('has ten tries from each of many addresses, and two after fifty tries in all', async () => {
    for (let address = 0; address < 5; address++) expect(await passes(10, 'ann', freshAddress())).toBe(10)
    expect(await passes(4, 'ann', freshAddress())).toBe(2)
    expect(await passes(4, 'bob', freshAddress())).toBe(4)
  })

  it('is reported at the tenth and the fiftieth try', async () => {
    const begins: boolean[] = []
    for (let n = 0; n < 52; n++) begins.push((await fail('ann', freshAddress())).isReported)
    expect(begins.flatMap((told, n) => (told ? [n + 1] : []))).toEqual([10, 50])
  })

  it('is told the end of the time window', async () => {
    await passes(10, 'ann', '203.0.113.1')
    const error = await fail('ann', '203.0.113.1').catch((refused: unknown) => refused)
    const { retryAfterMs } = error as BusyError
    expect(retryAfterMs).toBeLessThanOrEqual(WINDOW_MS)
    expect(retryAfterMs).toBeGreaterThan(WINDOW_MS - 20_000)
  })

  it('has the same tries from all addresses of an IPv6 network of 56 bits', async () => {
    let host = 0
    const inOneNetwork = () => `2001:db8:1:100:${(++host).toString(16)}::1`
    expect(await passes(12, 'ann', inOneNetwork)).toBe(10)
    expect(await passes(1, 'ann', '2001:db8:1:200::1')).toBe(1)
  })

  it('is counted over all processes', async () => {
    await passes(10, 'ann', '203.0.113.1')
    throttle = new Throttle(store)
    expect(await passes(1, 'ann', '203.0.113.1')).toBe(0)
  })
})

describe('a client that succeeds', () => {
  it('gets all its tries back, and its try does not count for address and target', async () => {
    const failed: Attempt[] = []
    for (let n = 0; n < 9; n++) failed.push(await fail('ann', '203.0.113.1'))
    const right = await fail('ann', '203.0.113.1')
    expect(right.failedBefore).toBe(9)
    await right.succeeded()
    expect((await fail('ann', '203.0.113.2')).failedBefore).toBe(9)
    expect(await passes(12, 'ann', '203.0.113.1')).toBe(10)
  })

  it('never reaches the limit of the address, however many people sign in from it', async () => {
    for (let n = 0; n < 120; n++) await (await throttle.attempt(`person ${n}`, '203.0.113.1')).succeeded()
    expect(await passes(1, 'ann', '203.0.113.1')).toBe(1)
  })

  it('has no failed try before the first one', async () => {
    expect((await fail('ann', '203.0.113.1')).failedBefore).toBe(0)
    expect((await fail('ann', '203.0.113.1')).failedBefore).toBe(1)
  })
})
