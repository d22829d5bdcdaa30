import { describe, expect, it } from '@jest/globals'
import { acknowledgedOps, parseAck } from '../../../src/protocol/ack.ts'
import { ops } from '../../../src/protocol/lists/ops.ts'

describe('an acknowledgement', () => {
  it('names the position up to which a screen is right', () => {
    expect(parseAck('{"type":"ack","position":"abcdefgh:7"}')).toEqual({ epoch: 'abcdefgh', seq: 7 })
  })

  it.each([
    '',
    'ack',
    'null',
    '"abcdefgh:7"',
    '{"type":"ack"}',
    '{"position":"abcdefgh:7"}',
    '{"type":"","position":"abcdefgh:7"}',
    '{"type":"ack","position":7}',
    '{"type":"ack","position":"7"}',
  ])('is not %j', (message) => {
    expect(parseAck(message)).toBeUndefined()
  })

  it('is asked for what takes a line or its words from a screen', () => {
    expect(ops.filter((op) => acknowledgedOps.has(op))).toEqual(['correct', 'hold', 'withdraw', 'leave'])
  })
})
