import { describe, expect, it, jest } from '@jest/globals'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { FeedLog } from '../../../../src/gateway/memory/feed-log.ts'
import { SharedBytes } from '../../../../src/gateway/memory/shared-bytes.ts'
import { FilteredView } from '../../../../src/gateway/memory/filtered-view.ts'
import { entriesOf } from '../../../support/entries.ts'
import { eventually } from '../../../support/eventually.ts'

const EVENTS = 4_000
const MB = 1024 * 1024
const title = { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' } as const

describe('the bytes that a view caches', () => {
  it('stay few when readers with many filters catch up from the first event', async () => {
    const log = longLog()
    walk(new FilteredView(title, log, {}), 0)
    const before = bufferBytes()
    const views = Array.from(
      { length: 60 },
      (_, n) => new FilteredView(title, log, { section: ['world', `s${n}`] }),
    )
    for (const view of views) expect(walk(view, 0)).toBe(EVENTS)
    await bufferBytesFallBelow(before + views.length * 0.1 * MB)
  })

  it('stay few when readers have cursors all over a long log', async () => {
    const log = longLog()
    const view = new FilteredView(title, log, {})
    walk(view, 0)
    const before = bufferBytes()
    for (let after = 0; after < EVENTS; after += 10) view.piece('ws', after, EVENTS)
    await bufferBytesFallBelow(before + 2 * MB)
    // Each event is encoded once, and the bytes are shared.
    expect(view.piece('ws', 5, EVENTS)).toBe(view.piece('ws', 5, EVENTS))
  })
})

it('a `leave` event is made once for all pages', () => {
  const log = emptyLog()
  const line = { line: 1, gone: 'no', section: 'world', regions: [], urgency: 'flash' } as const
  for (const entry of entriesOf(Array.from({ length: 100 }, () => line))) log.append(entry)
  const page = () =>
    new FilteredView(title, log, { section: ['city'] }).page({ epoch: 'abcdefgh', seq: 0 }, 500)
  const first = page()
  expect(first.events).toBe(99)
  const parse = jest.spyOn(JSON, 'parse')
  expect(page()).toEqual(first)
  expect(parse).not.toHaveBeenCalled()
  parse.mockRestore()
})

describe('whole strips', () => {
  it('are cached for the next readers, but not for every possible filter', async () => {
    const log = longLog()
    const shared = new SharedBytes(log)
    const before = bufferBytes()
    const views = Array.from(
      { length: 60 },
      (_, n) => new FilteredView(title, log, { section: ['world', `s${n}`] }, shared),
    )
    for (const view of views) expect(view.reset('ws', 'start').length).toBeGreaterThan(0.5 * MB)
    await bufferBytesFallBelow(before + 16 * MB)
    expect(views.at(-1)?.reset('ws', 'start')).toBe(views.at(-1)?.reset('ws', 'start'))
  })
})

function emptyLog(): FeedLog {
  const head = { epoch: 'abcdefgh', seq: 0, chain: '' }
  const loaded = { head, frozen: false, strip: [], entries: [], chains: new Map<number, string>() }
  return new FeedLog(loaded, { events: EVENTS, bytes: 32 * MB })
}

function longLog(): FeedLog {
  const log = emptyLog()
  const line = { gone: 'no', section: 'world', regions: ['north'], urgency: 'flash' } as const
  for (const entry of entriesOf(Array.from({ length: EVENTS }, (_, n) => ({ line: n, ...line })))) {
    log.append(entry)
  }
  return log
}

/** Reads all pieces as one fast reader does. Returns the number of events. */
function walk(view: FilteredView, start: number): number {
  let events = 0
  for (let after = start; after < EVENTS;) {
    const piece = view.piece('ws', after, EVENTS)
    events += piece.events
    after = piece.through
  }
  return events
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function bufferBytes(): number {
  collectGarbage()
  return process.memoryUsage().arrayBuffers
}

/** Waits, since a separate thread frees the buffers some time after the garbage collection. */
async function bufferBytesFallBelow(limit: number): Promise<void> {
  await eventually(`buffers of less than ${limit} bytes`, 10_000, () => bufferBytes() < limit)
}
