import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseLive } from '../../../src/fanout/live-event.ts'
import { formatWitness, parseWitness } from '../../../src/fanout/witness.ts'

const before = 'a'.repeat(40)
const chain = 'b'.repeat(40)

describe('a live message', () => {
  it('carries an event and its place', () => {
    expect(parseLive(`17 ${before} ${chain} {"text":"with spaces 1 2"}`)).toEqual({
      seq: 17,
      before,
      chain,
      json: '{"text":"with spaces 1 2"}',
    })
  })

  it.each([
    'look',
    '',
    '17',
    `17 ${before}`,
    `x ${before} ${chain} {}`,
    `-1 ${before} ${chain} {}`,
    `17 ${before.slice(1)} ${chain} {}`,
    `17 ${before} ${chain.toUpperCase()} {}`,
    `1234567890123456 ${before} ${chain} {}`,
    ` 17 ${before} ${chain} {}`,
  ])('that is %j means: look at the log', (payload) => {
    expect(parseLive(payload)).toBe('look')
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (payload) => {
        expect(parseLive(payload)).toBe('look')
      }),
    )
  })
})

describe('a witness', () => {
  const witness = {
    feed: 'en',
    head: { epoch: 'abcdefgh', seq: 3, chain },
    lost: [{ position: 'abcdefgh:3', op: 'publish', id: 'x', version: 1 }],
  }

  it('is read as it was written', () => {
    expect(parseWitness(formatWitness(witness))).toEqual(witness)
  })

  it.each(['', 'null', '[]', '{', '{"feed":"en"}', '{"feed":1,"head":{},"lost":[]}'])(
    '%j is none',
    (payload) => {
      expect(parseWitness(payload)).toBeUndefined()
    },
  )
})
