import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseLive } from '../../../src/fanout/live-event.ts'
import { formatWitness, parseWitness } from '../../../src/fanout/witness.ts'

const before = 'a'.repeat(40)
const chain = 'b'.repeat(40)

const event = {
  position: 'abcdefgh:17',
  op: 'publish',
  headline: { id: 'x', version: 1, status: 'live', text: 'with spaces 1 2' },
}
const json = JSON.stringify(event)

describe('a live message', () => {
  it.each([
    { from: 'this version', payload: `17 ${chain} ${json}` },
    { from: 'an earlier version, with the chain hash before it', payload: `17 ${before} ${chain} ${json}` },
  ])('of $from carries an event with its seq and chain', ({ payload }) => {
    expect(parseLive(payload)).toMatchObject({
      ...{ seq: 17, chain, json },
      event: { position: 'abcdefgh:17', headline: { id: 'x', version: 1 } },
    })
  })

  it.each([
    'look',
    '',
    '17',
    `17 ${chain}`,
    `x ${chain} ${json}`,
    `-1 ${chain} ${json}`,
    `17 ${before.slice(1)} ${chain} ${json}`,
    `17 ${before} ${chain.toUpperCase()} ${json}`,
    `1234567890123456 ${chain} ${json}`,
    ` 17 ${before} ${chain} ${json}`,
    `17 ${before} ${before} ${chain} ${json}`,
    ...['{}', '"x"', '[]', 'null', '7', '{', '{"position":"abcdefgh:17"}', '{"headline":null}'].map(
      (foreign) => `17 ${chain} ${foreign}`,
    ),
    `17 ${chain} ${JSON.stringify({ ...event, headline: { ...event.headline, version: 'new' } })}`,
  ])('that is %j makes the gateway read the log', (payload) => {
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

  it('is the same after formatting and parsing', () => {
    expect(parseWitness(formatWitness(witness))).toEqual(witness)
  })

  it.each([
    ...['', 'null', '[]', '{', '{"feed":"en"}', '{"feed":1,"head":{},"lost":[]}'],
    ...[-1, 1.5, '3', null].map((seq) => JSON.stringify({ ...witness, head: { ...witness.head, seq } })),
  ])('%j is not a witness', (payload) => {
    expect(parseWitness(payload)).toBeUndefined()
  })
})
