import { describe, expect, it } from '@jest/globals'
import { HeldEntry } from '../../../../src/gateway/memory/held-entry.ts'
import type { EventFrame } from '../../../../src/protocol/frames.ts'
import { entriesOf, type LineChange } from '../../../support/entries.ts'

const shown = { section: 'world', regions: ['north'], urgency: 'flash' } as const
const changes = (...gone: string[]): LineChange[] => gone.map((one) => ({ line: 0, gone: one, ...shown }))

function held(...gone: string[]): HeldEntry {
  const entry = entriesOf(changes(...gone)).at(-1)!
  return new HeldEntry(entry, JSON.parse(entry.json) as EventFrame)
}

const text = (bytes: Buffer) => bytes.toString()
const at = '2026-01-01T00:00:00.000Z'

describe('an event in memory', () => {
  it('knows its place, its line and what a filter looks at', () => {
    const entry = held('no', 'no')
    expect(entry).toMatchObject({
      seq: 2,
      headlineId: 'line-0-1',
      isFirstRelease: false,
      mustClear: true,
      facets: shown,
    })
    expect(entry.chain).toBe(entriesOf(changes('no', 'no'))[1]?.chain)
    expect(entry.size).toBe(3 * Buffer.byteLength(entry.json) + 700)
  })

  it.each([
    [['no'], { isFirstRelease: true, mustClear: false }],
    [['no', 'no'], { isFirstRelease: false, mustClear: true }],
    [['no', 'hold'], { isFirstRelease: false, mustClear: true, facets: undefined }],
    [['no', 'withdraw'], { isFirstRelease: false, mustClear: true, facets: undefined }],
    [['no', 'expire'], { isFirstRelease: false, mustClear: false, facets: undefined }],
  ])(
    'after %j says whether it is the first of its line, and whether screens must clear',
    (gone, expected) => {
      expect(held(...gone)).toMatchObject(expected)
    },
  )

  it('is framed once for each kind of connection', () => {
    const entry = held('no')
    expect(text(entry.bytes('sse', 'abcdefgh:1'))).toBe(`id: abcdefgh:1\ndata: ${entry.json}\n\n`)
    expect(entry.bytes('sse', 'abcdefgh:1')).toBe(entry.bytes('sse', 'abcdefgh:1'))
    expect(entry.bytes('ws', 'abcdefgh:1')).not.toEqual(entry.bytes('sse', 'abcdefgh:1'))
    expect(entry.leavingBytes('ws', 'abcdefgh:1')).toBe(entry.leavingBytes('ws', 'abcdefgh:1'))
  })

  it('takes its line away without showing it', () => {
    const entry = held('no')
    expect(JSON.parse(entry.leavingJson)).toStrictEqual({
      type: 'event',
      position: 'abcdefgh:1',
      op: 'leave',
      at,
      headline: { id: 'line-0-1', version: 1, status: 'filtered', place: 1, publishedAt: at, updatedAt: at },
    })
    expect(text(entry.leavingBytes('sse', 'abcdefgh:1'))).toBe(
      `id: abcdefgh:1\ndata: ${entry.leavingJson}\n\n`,
    )
  })

  it('has lost its words in every form once it is redacted, and not its size', () => {
    const entry = held('no')
    const { size } = entry
    for (const bytes of [entry.bytes('ws', 'abcdefgh:1'), Buffer.from(entry.json)])
      expect(text(bytes)).toContain('Text 1')
    const leaving = entry.leavingJson
    const leavingBytes = entry.leavingBytes('ws', 'abcdefgh:1')

    entry.redact('withdrawn')

    expect(JSON.parse(entry.json)).toStrictEqual({
      type: 'event',
      position: 'abcdefgh:1',
      op: 'publish',
      at,
      headline: { id: 'line-0-1', version: 1, status: 'withdrawn', place: 1, publishedAt: at, updatedAt: at },
    })
    expect(text(entry.bytes('ws', 'abcdefgh:1'))).toContain(entry.json)
    expect(entry.event.headline.status).toBe('withdrawn')
    expect(entry.facets).toBeUndefined()
    expect(entry.size).toBe(size)
    expect(entry.leavingJson).toBe(leaving)
    expect(entry.leavingBytes('ws', 'abcdefgh:1')).toEqual(leavingBytes)
  })

  it.each([
    ['held', undefined],
    ['expired', undefined],
    ['withdrawn', undefined],
    // Readers whose filter leaves this version out get no more of it than before.
    ['superseded', shown],
  ] as const)('that is redacted as %s has that status, and passes the filters %j', (status, facets) => {
    const entry = held('no')
    entry.redact(status)
    expect(entry.event.headline).toStrictEqual({
      id: 'line-0-1',
      version: 1,
      status,
      place: 1,
      publishedAt: at,
      updatedAt: at,
    })
    expect(entry.facets).toEqual(facets)
  })

  it('is made anew by a redaction only when its status is another one', () => {
    const entry = held('no')
    entry.redact('superseded')
    const bytes = entry.bytes('ws', 'abcdefgh:1')
    entry.redact('superseded')
    expect(entry.bytes('ws', 'abcdefgh:1')).toBe(bytes)
    entry.redact('held')
    expect(entry.event.headline.status).toBe('held')
    expect(entry.bytes('ws', 'abcdefgh:1')).not.toEqual(bytes)
  })

  it.each([
    ['publish', 'superseded'],
    ['correct', 'superseded'],
    ['hold', 'held'],
    ['resume', 'superseded'],
    ['withdraw', 'withdrawn'],
    ['expire', 'expired'],
    ['pin', undefined],
    ['unpin', undefined],
    ['celebrate', 'superseded'],
  ] as const)('of %s says how earlier events lose their words: %s', (op, redactsEarlierAs) => {
    const [entry] = entriesOf(changes('no'))
    const event = { ...(JSON.parse(entry!.json) as EventFrame), op } as EventFrame
    const status = redactsEarlierAs === 'superseded' ? 'live' : (redactsEarlierAs ?? 'live')
    const headline = { ...event.headline, status } as EventFrame['headline']
    expect(new HeldEntry(entry!, { ...event, headline }).redactsEarlierAs).toBe(redactsEarlierAs)
  })
})
