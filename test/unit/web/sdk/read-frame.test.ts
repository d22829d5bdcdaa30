import { describe, expect, it } from '@jest/globals'
import { readFrame } from '../../../../web/sdk/read-frame.ts'

const feed = { id: 'ar', title: 'العربية', lang: 'ar', dir: 'rtl' }
const position = 'aaaaaaaa:7'
const at = '2026-01-02T03:04:05.000Z'
const live = {
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  version: 2,
  status: 'live',
  place: 3,
  text: 'Bridge closed',
  speaker: 'Mayor',
  urgency: 'flash',
  section: 'city',
  regions: ['north'],
  tags: [],
  link: 'https://example.org/a',
  lang: 'en',
  note: 'Spelling',
  pinned: true,
  publishedAt: at,
  updatedAt: at,
}
const hello = {
  type: 'hello',
  feed,
  position,
  heartbeatMs: 15_000,
  serverTime: at,
  acks: true,
  stale: false,
  frozen: false,
}

const read = (frame: unknown) => readFrame(JSON.stringify(frame))

describe('readFrame', () => {
  it.each([
    { name: 'a hello of a stopped feed', frame: { ...hello, frozen: true } },
    { name: 'a stale hello', frame: { ...hello, stale: true } },
    { name: 'reset', frame: { type: 'reset', position, strip: [live], more: false } },
    { name: 'a part of a reset', frame: { type: 'reset', position, strip: [live], more: true } },
    { name: 'event', frame: { type: 'event', position, op: 'publish', at, headline: live } },
    { name: 'head', frame: { type: 'head', position, serverTime: at, stale: false, frozen: false } },
    {
      name: 'a head with the feed',
      frame: { ...hello, type: 'head', acks: undefined, heartbeatMs: undefined },
    },
    { name: 'bye', frame: { type: 'bye', retryAfterMs: 0 } },
  ])('reads $name unchanged, its time in ms', ({ frame }) => {
    expect(read(frame)).toEqual({ ...frame, ...('serverTime' in frame && { serverTime: Date.parse(at) }) })
  })

  it.each([undefined, null, 'soon', {}])('reads a head with the time %j without a time', (serverTime) => {
    expect(read({ type: 'head', position, serverTime })).toMatchObject({ type: 'head', serverTime: NaN })
  })

  it('reads a tombstone without a text, even if one is sent', () => {
    const headline = { ...live, status: 'withdrawn' }
    const frame = read({ type: 'event', position, op: 'withdraw', at, headline })
    const { id, version, place, publishedAt, updatedAt, note } = live
    const tombstone = { id, version, place, publishedAt, updatedAt, note, status: 'withdrawn' }
    expect(frame).toEqual({ type: 'event', position, op: 'withdraw', at, headline: tombstone })
  })

  it('accepts an unknown op and an unknown urgency', () => {
    const headline = { ...live, urgency: 'colossal' }
    const frame = { type: 'event', position, op: 'celebrate', at, headline }
    expect(read(frame)).toEqual(frame)
  })

  it('leaves out unknown fields', () => {
    expect(read({ ...hello, colour: 'red' })).toEqual({ ...hello, serverTime: Date.parse(at) })
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', '/relative', 'not an address', 7])(
    'drops the link %j and keeps the line',
    (link) => {
      const frame = read({ type: 'reset', reason: 'start', position, strip: [{ ...live, link }] })
      const { link: _dropped, ...rest } = live
      expect(frame).toMatchObject({ strip: [rest] })
      expect(JSON.stringify(frame)).not.toContain('"link"')
    },
  )

  it('leaves out headlines of a reset that are not live', () => {
    const strip = [{ ...live, status: 'held' }, { ...live, status: 'dreaming' }, { id: 1 }, live]
    expect(read({ type: 'reset', reason: 'start', position, strip })).toMatchObject({ strip: [live] })
  })

  it.each([
    '',
    'not json',
    'null',
    '[]',
    '7',
    '{}',
    JSON.stringify({ ...hello, heartbeatMs: -1 }),
    JSON.stringify({ ...hello, feed: null }),
    JSON.stringify({ type: 'head', position: '7', serverTime: at }),
    JSON.stringify({ type: 'head', position, serverTime: at, feed: { id: 'en' } }),
    JSON.stringify({ type: 'bye', reason: 'draining', retryAfterMs: -1 }),
  ])('finds no frame in %s', (text) => {
    expect(readFrame(text)).toEqual({ type: 'malformed', lost: false })
  })

  it.each([
    { type: 'event', position, op: 'publish', at },
    { type: 'event', position: 'x', op: 'publish', at, headline: live },
    { type: 'event', position, op: 'publish', at, headline: { ...live, text: undefined } },
    { type: 'reset', position },
  ])('reports a lost change of the strip with %j', (frame) => {
    expect(read(frame)).toEqual({ type: 'malformed', lost: true })
  })

  it('distinguishes a frame of a newer server from a broken one', () => {
    expect(read({ type: 'surprise' })).toEqual({ type: 'unknown' })
  })
})
