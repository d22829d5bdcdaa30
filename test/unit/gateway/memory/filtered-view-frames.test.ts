import { describe, expect, it } from '@jest/globals'
import { FeedLog } from '../../../../src/gateway/memory/feed-log.ts'
import { FilteredView } from '../../../../src/gateway/memory/filtered-view.ts'
import { SharedBytes } from '../../../../src/gateway/memory/shared-bytes.ts'
import type { Page } from '../../../../src/protocol/frames.ts'
import { entriesOf, type LineChange } from '../../../support/entries.ts'

const title = { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' } as const
const place = (seq: number, epoch = 'abcdefgh') => ({ epoch, seq })
const line = (n: number, section: string, gone = 'no'): LineChange => ({
  line: n,
  gone,
  section,
  regions: [],
  urgency: 'flash',
})

function logOf(changes: readonly LineChange[], events = 100): FeedLog {
  const log = new FeedLog(
    { head: { ...place(0), chain: '' }, frozen: false, strip: [], entries: [], chains: new Map() },
    { events, bytes: 1e8 },
  )
  for (const entry of entriesOf(changes)) log.append(entry)
  return log
}

/** A line of the world, one of sport, the first moves to sport, and is withdrawn. */
const story = [line(1, 'world'), line(2, 'sport'), line(1, 'sport'), line(1, 'sport', 'withdraw')]
const frames = (bytes: Buffer) =>
  bytes
    .toString()
    .split('\n\n')
    .filter((part) => part !== '')
    .map((part) => JSON.parse(part.slice(part.indexOf('data: ') + 6)) as { op: string; position: string })
const world = { section: ['world'] }

describe('what follows a cursor', () => {
  it('is given whole without a filter', () => {
    const piece = new FilteredView(title, logOf(story), {}).piece('sse', 0, 4)
    expect(frames(piece.bytes).map(({ op }) => op)).toEqual(['publish', 'publish', 'correct', 'withdraw'])
    expect(piece).toMatchObject({ events: 4, deliveredSeqs: [1, 2, 3, 4], through: 4, readers: 0 })
  })

  it('through a filter leaves out what was never there, and takes away what fits no more', () => {
    const beforeItGoes = new FilteredView(title, logOf(story.slice(0, 3)), world).piece('sse', 0, 3)
    expect(frames(beforeItGoes.bytes)).toMatchObject([
      { op: 'publish', position: 'abcdefgh:1' },
      { op: 'leave', position: 'abcdefgh:3' },
    ])
    expect(beforeItGoes).toMatchObject({ events: 2, deliveredSeqs: [1], through: 3 })
    expect(beforeItGoes.bytes.toString()).toContain('id: abcdefgh:3\n')
  })

  it('goes to every reader where the line shows nowhere', () => {
    const piece = new FilteredView(title, logOf(story), { section: ['city'] }).piece('sse', 0, 4)
    expect(frames(piece.bytes).map(({ op }) => op)).toEqual(['publish', 'correct', 'withdraw'])
    expect(piece.deliveredSeqs).toEqual([1, 3, 4])
  })

  it('begins after the cursor and ends where it is told', () => {
    const view = new FilteredView(title, logOf(story), {})
    expect(view.piece('ws', 1, 3)).toMatchObject({ deliveredSeqs: [2, 3], through: 3 })
    expect(view.piece('ws', 4, 4)).toMatchObject({ events: 0, through: 4 })
    expect(view.piece('ws', 4, 4).bytes).toHaveLength(0)
  })

  it('of one event are the bytes of that event, shared with other views', () => {
    const log = logOf(story)
    expect(new FilteredView(title, log, {}).piece('ws', 1, 2).bytes).toBe(log.at(2).bytes('ws', 'abcdefgh:2'))
  })

  it('is one piece for all who stand there, until the log goes on', () => {
    const log = logOf(story.slice(0, 3))
    const view = new FilteredView(title, log, {})
    const first = view.piece('ws', 0, 3)
    expect(view.piece('ws', 0, 3)).toBe(first)
    for (const other of [view.piece('sse', 0, 3), view.piece('ws', 1, 3), view.piece('ws', 0, 2)])
      expect(other).not.toBe(first)
    expect(view.piece('ws', 0, 3)).toBe(first)
    log.append(entriesOf(story)[3]!)
    expect(view.piece('ws', 0, 3)).not.toBe(first)
    expect(view.piece('ws', 0, 3).bytes.toString()).not.toContain('Text 1')
  })

  it('is cut behind the event that makes it 16 KB', () => {
    const log = logOf(Array.from({ length: 90 }, (_, n) => line(n, 'world')))
    const view = new FilteredView(title, log, {})
    const { bytes, through } = view.piece('sse', 0, 90)
    expect(bytes.length).toBeGreaterThanOrEqual(16 * 1024)
    expect(bytes.length - log.at(through).bytes('sse', `abcdefgh:${through}`).length).toBeLessThan(16 * 1024)
    expect(view.piece('sse', 0, through - 1).through).toBe(through - 1)
  })
})

describe('whole strips', () => {
  it('show the lines that pass the filter, in their order', () => {
    const log = logOf(story.slice(0, 2))
    const ids = (filter: object) => new FilteredView(title, log, filter).strip().map(({ id }) => id)
    expect(ids({})).toEqual(['line-2-2', 'line-1-1'])
    expect(ids(world)).toEqual(['line-1-1'])
    expect(ids({ section: ['city'] })).toEqual([])
  })

  it('are a reset with its reason, or a snapshot with the state of the feed', () => {
    const log = logOf(story.slice(0, 2))
    const view = new FilteredView(title, log, world)
    const strip = view.strip()
    const reset = view.reset('sse', 'lagging').toString()
    expect(reset.startsWith('id: abcdefgh:2\ndata: ')).toBe(true)
    expect(frames(Buffer.from(reset))).toEqual([
      { type: 'reset', reason: 'lagging', position: 'abcdefgh:2', strip },
    ])
    const read = (state: object) => JSON.parse(view.snapshot(state).toString()) as unknown
    expect(read({})).toEqual({ feed: title, position: 'abcdefgh:2', strip })
    expect(read({ stale: true })).toEqual({ feed: title, position: 'abcdefgh:2', strip, stale: true })
  })

  it('are shared among views, but not with another filter, reason, wire or state', () => {
    const log = logOf(story)
    const shared = new SharedBytes(log)
    const view = (filter = {}) => new FilteredView(title, log, filter, shared)
    expect(view().reset('ws', 'start')).toBe(view().reset('ws', 'start'))
    expect(view().snapshot({})).toBe(view().snapshot({}))
    const all = [
      view().reset('ws', 'start'),
      view(world).reset('ws', 'start'),
      view().reset('sse', 'start'),
      view().reset('ws', 'epoch'),
      view().snapshot({}),
      view(world).snapshot({}),
      view().snapshot({ frozen: true }),
    ]
    expect(new Set(all).size).toBe(all.length)
  })
})

describe('a page', () => {
  const read = ({ json, ...rest }: ReturnType<FilteredView['page']>) => ({
    ...rest,
    page: JSON.parse(json) as Page,
  })

  it('has what follows, and says where to go on', () => {
    const view = new FilteredView(title, logOf(story), {})
    const { page, ...rest } = read(view.page(place(0), 3))
    expect(page).toMatchObject({ position: 'abcdefgh:3', more: true })
    expect(page.events.map(({ op }) => op)).toEqual(['publish', 'publish', 'correct'])
    expect(rest).toEqual({ events: 3, deliveredSeqs: [1, 2, 3], reset: false, reached: place(3) })
    expect(read(view.page(place(1), 3)).page).toMatchObject({ position: 'abcdefgh:4', more: false })
    expect(read(view.page(place(4), 3, { stale: true })).page).toEqual({
      position: 'abcdefgh:4',
      events: [],
      more: false,
      stale: true,
    })
  })

  it('counts only what the filter lets through', () => {
    const log = logOf([
      line(1, 'world'),
      line(2, 'sport'),
      line(3, 'sport'),
      line(1, 'sport'),
      line(4, 'world'),
    ])
    const { page, ...rest } = read(new FilteredView(title, log, world).page(place(0), 2))
    expect(page.events.map(({ op, position }) => [op, position])).toEqual([
      ['publish', 'abcdefgh:1'],
      ['leave', 'abcdefgh:4'],
    ])
    expect(rest).toEqual({ events: 2, deliveredSeqs: [1], reset: false, reached: place(4) })
  })

  it.each([
    ['without a position', undefined, 'start'],
    ['after a position of another history', place(1, 'hgfedcba'), 'epoch'],
    ['after a position that has been dropped', place(1), 'range'],
  ] as const)('%s is the whole strip: %s', (_what, after, reason) => {
    const view = new FilteredView(title, logOf(story, 2), {})
    const { page, ...rest } = read(view.page(after, 10, { frozen: true }))
    expect(page).toEqual({
      position: 'abcdefgh:4',
      reset: { type: 'reset', reason, position: 'abcdefgh:4', strip: view.strip() },
      events: [],
      more: false,
      frozen: true,
    })
    expect(rest).toEqual({
      events: 0,
      deliveredSeqs: [],
      reset: true,
      reached: { ...place(4), chain: expect.any(String) },
    })
  })
})
