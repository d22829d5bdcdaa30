import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { onceOf, seenVersion, seenVersionIfTold } from '../../src/api/http/conditions.ts'
import { receiptOf } from '../../src/api/receipts/receipt-keeper.ts'
import { GONE_AFTER_MS, screensCleared, screensClearedAt } from '../../src/api/receipts/screens-cleared.ts'

/** Outcome of If-Match: the version, or the code of its problem. */
function outcome(written: string | undefined): number | string {
  try {
    return seenVersion(written === undefined ? {} : { 'if-match': written })
  } catch (error) {
    return (error as { code: string }).code
  }
}

const tagText = fc.stringMatching(/^[!#-~]{0,6}$/)
const tag = fc
  .record({ weak: fc.boolean(), text: tagText })
  .map(({ weak, text }) => `${weak ? 'W/' : ''}"${text}"`)

describe('If-Match', () => {
  it('names each version, as the service writes it, and with spaces around', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), fc.nat(3), fc.nat(3), (version, before, after) => {
        expect(outcome(`${' '.repeat(before)}"${version}"${' '.repeat(after)}`)).toBe(version)
      }),
    )
  })

  it('names no version by any other tag, nor by several', () => {
    fc.assert(
      fc.property(
        fc.array(tag, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(',', ', ', ' , '),
        (tags, comma) => {
          fc.pre(tags.length > 1 || !/^"(0|[1-9][0-9]{0,8})"$/.test(tags[0] ?? ''))
          fc.pre(tags.every((each) => !each.includes(',')))
          expect(outcome(tags.join(comma))).toBe(-1)
        },
      ),
    )
  })

  it('is a version, none, or a problem, whatever is written; never an error of the service', () => {
    fc.assert(
      fc.property(fc.option(fc.oneof(fc.string(), tag, fc.constant('*')), { nil: undefined }), (written) => {
        const told = outcome(written)
        if (typeof told === 'number') expect(Number.isInteger(told) && told >= -1).toBe(true)
        else expect(['precondition-required', 'malformed-request']).toContain(told)
        // The lenient reading differs only where no version is named.
        const headers = written === undefined ? {} : { 'if-match': written }
        if (told === 'precondition-required') expect(seenVersionIfTold(headers)).toBe('any')
        if (typeof told === 'number') expect(seenVersionIfTold(headers)).toBe(told)
      }),
    )
  })
})

describe('Idempotency-Key', () => {
  const identity = fc.record({
    key: fc.stringMatching(/^[ -~]{1,20}$/),
    credential: fc.stringMatching(/^(key|user):[0-9a-f]{1,4}$/),
    feed: fc.stringMatching(/^[a-z]{1,3}$/),
  })
  const once = ({ key, credential, feed }: { key: string; credential: string; feed: string }) =>
    onceOf({ headers: { 'idempotency-key': key }, requestId: 'r', credential, feed, request: [] }).token

  it('is the same request only for the same key, credential and feed', () => {
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        expect(once(one) === once(other)).toBe(
          one.key === other.key && one.credential === other.credential && one.feed === other.feed,
        )
      }),
    )
  })

  it('is never that of a request without one', () => {
    fc.assert(
      fc.property(identity, fc.string(), (one, requestId) => {
        const without = onceOf({
          headers: {},
          requestId,
          credential: one.credential,
          feed: one.feed,
          request: [],
        })
        expect(without.token).not.toBe(once(one))
      }),
    )
  })
})

/** Screens of one gateway, each with its fate; the sums follow from them. */
const gateway = fc.record({
  cleared: fc.nat(20),
  left: fc.nat(20),
  connected: fc.nat(20),
  returned: fc.nat(5),
  silent: fc.nat(5),
  agoMs: fc.constantFrom(0, GONE_AFTER_MS, GONE_AFTER_MS + 1),
})

describe('whose screens have cleared', () => {
  it('adds up, over any gateways, to the ledger of their connections', () => {
    fc.assert(
      fc.property(fc.array(gateway, { minLength: 1, maxLength: 5 }), (all) => {
        const told = screensCleared(all.map(receipt))
        const sum = (of: (each: (typeof all)[number]) => number) =>
          all.reduce((total, each) => total + of(each), 0)
        const isGone = ({ agoMs }: (typeof all)[number]) => agoMs > GONE_AFTER_MS
        const cleared = sum((each) => each.cleared)
        const gone = sum((each) => each.left + (isGone(each) ? each.connected : 0))
        const left = Math.max(0, gone - sum((each) => each.returned))
        const connected = sum((each) => (isGone(each) ? 0 : each.connected))
        expect(told).toMatchObject({
          screens: cleared + connected + left,
          cleared,
          missing: connected + left,
          left,
          silent: sum((each) => each.silent),
        })
        // 100 means all: it is never reached by rounding.
        expect(told?.percent === 100).toBe(cleared > 0 && told?.missing === 0)
        expect(told?.percent === null).toBe(told?.screens === 0)
      }),
    )
  })

  it('of one gateway counts as missing only those that are still connected', () => {
    fc.assert(
      fc.property(gateway, (each) => {
        const told = screensClearedAt(receipt(each))
        const isGone = each.agoMs > GONE_AFTER_MS
        expect(told?.missing).toBe(isGone ? 0 : each.connected)
        expect(told?.left).toBe(each.left + (isGone ? each.connected : 0))
      }),
    )
  })

  it('is told beside the writes of all gateways and of each', () => {
    const times = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 9 })), { maxLength: 5 })
    fc.assert(
      fc.property(fc.array(times, { maxLength: 4 }), (all) => {
        const told = receiptOf(all.map((its, n) => ({ gateway: `g${n}`, agoMs: 0, readers: n, times: its })))
        const writes = (its: readonly (readonly [number, number])[]) =>
          its.reduce((total, [, n]) => total + n, 0)
        expect(told.written).toBe(all.reduce((total, its) => total + writes(its), 0))
        expect(told.gateways.map(({ id, readers, written }) => [id, readers, written])).toEqual(
          all.map((its, n) => [`g${n}`, n, writes(its)]),
        )
        expect(told.p50Ms === null).toBe(told.written === 0)
        expect(told).not.toHaveProperty('cleared')
      }),
    )
  })
})

function receipt({ cleared, left, connected, returned, silent, agoMs }: Record<string, number>) {
  const of = (count: number | undefined) => count ?? 0
  const asked = of(cleared) + of(left) + of(connected)
  const screens = { asked, cleared: of(cleared), left: of(left), returned: of(returned), silent: of(silent) }
  return { gateway: 'g', agoMs: of(agoMs), readers: 0, times: [], screens }
}
