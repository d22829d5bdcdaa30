import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { STRIP_PART_BYTES, stripParts } from '../../../../src/gateway/memory/strip-parts.ts'
import type { LiveHeadline } from '../../../../src/protocol/headline.ts'
import { longestContent } from '../../../support/longest-content.ts'

const LONGEST_HEADLINE_BYTES = 22 * 1024

const headline: LiveHeadline = {
  id: 'A'.repeat(22),
  version: 999_999,
  status: 'live',
  place: 999_999_999,
  pinned: true,
  publishedAt: '2026-01-02T03:04:05.678Z',
  updatedAt: '2026-01-02T03:04:05.678Z',
  ...longestContent(),
}
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

it('the longest headline is nearly as long as the documents say, and fits into a part', () => {
  expect(bytesOf(headline)).toBeLessThan(LONGEST_HEADLINE_BYTES)
  expect(bytesOf(headline)).toBeGreaterThan(0.9 * LONGEST_HEADLINE_BYTES)
  expect(stripParts([headline, headline]).map(({ length }) => length)).toEqual([1, 1])
})

it('the parts of any strip are the strip in its order, and each is as full as it can be', () => {
  const lengths = fc.array(fc.nat(280), { maxLength: 200 })
  fc.assert(
    fc.property(lengths, (texts) => {
      const strip = texts.map((length, n) => ({ ...headline, id: String(n), note: 'é'.repeat(length) }))
      const parts = stripParts(strip)
      expect(parts.flat()).toEqual(strip)
      parts.forEach((part, n) => {
        expect(bytesOf(part)).toBeLessThanOrEqual(STRIP_PART_BYTES + 1)
        const next = parts[n + 1]?.[0]
        if (next) expect(bytesOf([...part, next])).toBeGreaterThan(STRIP_PART_BYTES)
      })
    }),
    { numRuns: 50 },
  )
})

it('an empty strip is one part', () => {
  expect(stripParts([])).toEqual([[]])
})
