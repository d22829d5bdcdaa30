import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { HelloBytes } from '../../../../src/gateway/memory/hello-bytes.ts'
import type { Wire } from '../../../../src/gateway/bytes/frame-bytes.ts'
import type { FeedState, HelloFrame } from '../../../../src/protocol/frames.ts'

const feed = { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' } as const
const first = { wire: 'sse', position: 'abcdefgh:7', state: {}, acks: false } as const
interface Asked {
  readonly wire: Wire
  readonly position: string
  readonly state: FeedState
  readonly acks: boolean
}

let now: number
let hello: HelloBytes
beforeEach(() => {
  now = 1_700_000_000_000
  jest.spyOn(Date, 'now').mockImplementation(() => now)
  hello = new HelloBytes(feed, 15_000, () => Date.now())
})
afterEach(() => {
  jest.restoreAllMocks()
})

const bytes = ({ wire, position, state, acks }: Asked) => hello.bytes(wire, position, state, acks)
function frameOf(asked: Asked): HelloFrame {
  return JSON.parse(/data: (.*)/.exec(bytes({ ...asked, wire: 'sse' }).toString())?.[1] ?? '') as HelloFrame
}

describe('a hello', () => {
  it('is shared by all who join in one millisecond, and not with those of the next', () => {
    const one = bytes(first)
    expect(bytes(first)).toBe(one)
    now++
    expect(bytes(first)).not.toBe(one)
    expect(frameOf(first).serverTime).toBe('2023-11-14T22:13:20.001Z')
  })

  it.each<[string, Partial<Asked>, Partial<HelloFrame>]>([
    ['another position', { position: 'abcdefgh:8' }, { position: 'abcdefgh:8' }],
    ['a stale feed', { state: { stale: true } }, { stale: true }],
    ['a frozen feed', { state: { frozen: true } }, { frozen: true }],
    ['a reader that acknowledges', { acks: true }, { acks: true }],
  ])('is not that of others in the same millisecond: %s', (_what, change, told) => {
    const usual = {
      type: 'hello',
      protocol: 1,
      feed,
      position: first.position,
      heartbeatMs: 15_000,
      serverTime: '2023-11-14T22:13:20.000Z',
    }
    expect(frameOf(first)).toEqual(usual)
    expect(frameOf({ ...first, ...change })).toEqual({ ...usual, ...told })
    expect(frameOf(first)).toEqual(usual)
  })

  it('is written as the wire of its reader takes it', () => {
    expect(bytes(first).toString()).toMatch(/^data: \{/)
    expect(bytes({ ...first, wire: 'ws' })[0]).toBe(0x81)
    expect(bytes(first).toString()).toMatch(/^data: \{/)
  })
})
