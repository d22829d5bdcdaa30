import { describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { inflateRawSync } from 'node:zlib'
import * as ws from 'ws'
import { encode, WS_PING } from '../../../../src/gateway/bytes/frame-bytes.ts'
import { WsFrameParser } from '../../../support/ws-frame-parser.ts'

/** The receiver of ws, an independent implementation of RFC 6455, which its types leave out. */
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable }

const lengths = [2, 125, 126, 127, 65_535, 65_536, 200_000]
/** JSON text of `length` bytes. */
const json = (length: number) => JSON.stringify('x'.repeat(length - 2))

async function received(bytes: Buffer): Promise<string> {
  const receiver = new Receiver({ isServer: false, maxPayload: 1_000_000 })
  const message = once(receiver, 'message')
  receiver.write(bytes)
  const [text, isBinary] = (await message) as [Buffer, boolean]
  expect(isBinary).toBe(false)
  return text.toString()
}

describe('a frame on a WebSocket', () => {
  it.each(lengths)('of %i bytes is read by ws', async (length) => {
    expect(await received(encode('ws', json(length)))).toBe(json(length))
  })

  it.each(lengths)('of %i bytes has the shortest header', (length) => {
    const frames = new WsFrameParser().push(encode('ws', json(length)))
    expect(frames).toEqual([{ kind: 'text', text: json(length) }])
  })

  it('keeps text of every script unchanged', async () => {
    const text = JSON.stringify({ text: '🇬🇧 إغلاق الجسر 桥梁 \u2028' })
    expect(await received(encode('ws', text))).toBe(text)
  })

  it('can be joined with other frames in one piece', () => {
    const bytes = Buffer.concat([encode('ws', '1'), WS_PING, encode('ws', json(70_000)), encode('ws', '2')])
    const parser = new WsFrameParser()
    const frames = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, n) =>
      parser.push(bytes.subarray(n * 7, n * 7 + 7)),
    ).flat()
    expect(frames.map((frame) => (frame.kind === 'text' ? frame.text.length : frame.kind))).toEqual([
      1,
      'ping',
      70_000,
      1,
    ])
    expect(parser.pending).toBe(0)
  })

  it.each(lengths)('of %i bytes, deflated, needs no earlier frame', (length) => {
    const parser = new WsFrameParser({ deflated: true })
    for (let time = 0; time < 2; time++)
      expect(parser.push(encode('ws-deflate', json(length)))).toEqual([{ kind: 'text', text: json(length) }])
  })

  it('deflated, has the reserved bit of RFC 7692 and no tail', () => {
    const frame = encode('ws-deflate', json(100))
    expect(frame[0]).toBe(0xc1)
    expect(frame.subarray(-4)).not.toEqual(Buffer.from([0, 0, 0xff, 0xff]))
    const tail = Buffer.from([0, 0, 0xff, 0xff])
    expect(inflateRawSync(Buffer.concat([frame.subarray(2), tail]), { finishFlush: 2 }).toString()).toBe(
      json(100),
    )
  })
})

describe('a server-sent event', () => {
  it('is one line of data after its id', () => {
    expect(encode('sse', '{"a":1}', 'abcdefgh:1').toString()).toBe('id: abcdefgh:1\ndata: {"a":1}\n\n')
    expect(encode('sse', '{"a":1}').toString()).toBe('data: {"a":1}\n\n')
    expect(encode('sse-chunked', '{"é":1}', 'a:1').toString()).toBe('18\r\nid: a:1\ndata: {"é":1}\n\n\r\n')
  })

  it('has no line end in its data, since JSON escapes them', () => {
    const event = encode('sse', JSON.stringify({ text: 'a\nb\r\nc' })).toString()
    expect(event.slice(0, -2)).not.toMatch(/[\r\n]/)
  })
})

describe('the frame parser of the tests', () => {
  it.each([
    ['a mask', [0x81, 0x80, 0, 0, 0, 0]],
    ['a fragment', [0x01, 0x00]],
    ['a continuation', [0x80, 0x00]],
    ['a reserved bit', [0xa1, 0x00]],
    ['compression that was not agreed', [0xc1, 0x00]],
    ['bytes', [0x82, 0x00]],
    ['an opcode that does not exist', [0x8b, 0x00]],
    ['a long form of a short length', [0x81, 126, 0, 125]],
    ['the longest form of a middle length', [0x81, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff]],
    ['text that is not UTF-8', [0x81, 2, 0xc3, 0x28]],
    ['half a close code', [0x88, 1, 0x03]],
    ['a long ping', [0x89, 126, 0, 126]],
  ])('refuses %s', (_what, bytes) => {
    expect(() => new WsFrameParser().push(Buffer.from(bytes))).toThrow()
  })
})
