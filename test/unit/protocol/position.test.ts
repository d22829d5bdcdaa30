import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatPosition, parsePosition } from '../../../src/protocol/position.ts'

const epoch = fc.stringMatching(/^[a-z0-9]{8}$/)
const seq = fc.integer({ min: 0, max: 999_999_999_999_999 })

it('reads what it has written', () => {
  fc.assert(
    fc.property(fc.record({ epoch, seq }), (position) => {
      expect(parsePosition(formatPosition(position))).toEqual(position)
    }),
  )
})

it('reads nothing that it would not write', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9:]{6,12}:[-+0-9.e]{1,20}$/)), (written) => {
      const position = parsePosition(written)
      if (position) expect(formatPosition(position)).toBe(written)
    }),
  )
})

it.each([
  ['', 'nothing'],
  ['abcdefgh', 'no seq'],
  ['abcdefgh:', 'an empty seq'],
  [':1', 'no epoch'],
  ['abcdefg:1', 'a short epoch'],
  ['abcdefghi:1', 'a long epoch'],
  ['ABCDEFGH:1', 'capitals'],
  ['abcdefgh:01', 'a leading zero'],
  ['abcdefgh:-1', 'a sign'],
  ['abcdefgh:1.5', 'a fraction'],
  ['abcdefgh:1e3', 'an exponent'],
  ['abcdefgh:9999999999999999', 'more than 15 digits'],
  ['abcdefgh:1 ', 'a space'],
  ['abcdefgh:1\n', 'a line end'],
  ['abcdefgh:1:2', 'a third part'],
  ['abcdefgh:١', 'a digit of another script'],
])('%j is no position: %s', (written) => {
  expect(parsePosition(written)).toBeUndefined()
})
