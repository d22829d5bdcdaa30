import { describe, expect, it } from '@jest/globals'
import { FeedLog } from '../../../../src/gateway/memory/feed-log.ts'
import { HeadBytes } from '../../../../src/gateway/memory/head-bytes.ts'
import { entriesOf } from '../../../support/entries.ts'

function open() {
  const log = new FeedLog(
    {
      head: { epoch: 'abcdefgh', seq: 0, chain: '' },
      frozen: false,
      strip: [],
      entries: [],
      chains: new Map(),
    },
    { events: 100, bytes: 1_000_000 },
  )
  let made = 0
  const heads = new HeadBytes(
    () => JSON.stringify({ position: log.position, made: ++made }),
    (wire, head) => Buffer.concat([Buffer.from(`${wire} `), head]),
  )
  return { log, heads, made: () => made }
}
const [entry] = entriesOf([{ line: 1, gone: 'no', regions: [], urgency: 'flash' }])

describe('heads for all sessions', () => {
  it('are made once for each wire while nothing changes', () => {
    const { log, heads, made } = open()
    const first = heads.of('sse', log, false, false)
    expect(heads.of('sse', log, false, false)).toBe(first)
    expect(heads.of('ws', log, false, false).toString('latin1')).toMatch(/^ws /)
    expect(heads.of('sse', log, false, false)).toBe(first)
    expect(made()).toBe(2)
  })

  it('name the new position when the log has gone on', () => {
    const { log, heads } = open()
    heads.of('sse', log, false, false)
    log.append(entry!)
    expect(heads.of('sse', log, false, false).toString()).toBe(
      'sse id: abcdefgh:1\ndata: {"position":"abcdefgh:1","made":2}\n\n',
    )
  })

  it.each([
    ['stale', true, false],
    ['frozen', false, true],
  ])('are made anew when the feed becomes %s, and when that is over', (_state, stale, frozen) => {
    const { log, heads, made } = open()
    heads.of('ws', log, false, false)
    heads.of('ws', log, stale, frozen)
    heads.of('ws', log, stale, frozen)
    heads.of('ws', log, false, false)
    expect(made()).toBe(3)
  })
})
