import { beforeEach, describe, expect, it } from '@jest/globals'
import { FeedLog } from '../../../../src/gateway/memory/feed-log.ts'
import { FilteredView, type Piece } from '../../../../src/gateway/memory/filtered-view.ts'
import { DeliveryCounts } from '../../../../src/gateway/readers/delivery-counts.ts'
import type { EventFrame } from '../../../../src/protocol/frames.ts'

const title = { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' } as const
const epoch = 'aaaaaaaa'

let now: number
let log: FeedLog
let deliveries: DeliveryCounts

beforeEach(() => {
  now = 0
  log = new FeedLog(loadedAt(epoch), { events: 10_000, bytes: 10_000_000 })
  deliveries = new DeliveryCounts(log, () => now)
})

describe('what was written', () => {
  it('counts the readers of a slice at its end, and again in the next slice', () => {
    release()
    now = 4
    give(pieceAfter(0), 3)
    now = 9
    give(pieceAfter(0), 2)
    expect(deliveries.takeChanges()).toEqual([
      {
        position: `${epoch}:1`,
        times: [
          [4, 3],
          [9, 2],
        ],
      },
    ])
  })

  it('counts every event of a piece', () => {
    release(2)
    give(pieceAfter(0))
    expect(deliveries.takeChanges().map(({ times }) => times)).toEqual([[[0, 1]], [[0, 1]]])
  })

  it('does not count what a filter keeps from a reader, or takes away', () => {
    release(1, 'city')
    release(1, 'sport')
    release(1, 'sport', 'correct')
    const piece = new FilteredView(title, log, { section: ['city'] }).piece('ws', 0, 3)
    expect(piece.events).toBe(2)
    give(piece)
    const counts = deliveries.takeChanges().map(({ position, times }) => [position, times.length])
    expect(counts).toEqual([
      [`${epoch}:1`, 1],
      [`${epoch}:2`, 0],
      [`${epoch}:3`, 0],
    ])
  })

  it('tells each change once, in sums', () => {
    release()
    give(pieceAfter(0))
    expect(deliveries.takeChanges()).toHaveLength(1)
    expect(deliveries.takeChanges()).toEqual([])
    give(pieceAfter(0))
    expect(deliveries.takeChanges()).toEqual([{ position: `${epoch}:1`, times: [[0, 2]] }])
  })

  it('tells again what nobody has heard, and all of it when asked', () => {
    release(2)
    const told = deliveries.takeChanges()
    deliveries.reportAgain(told.slice(1))
    expect(deliveries.takeChanges()).toEqual(told.slice(1))
    deliveries.reportAgain()
    expect(deliveries.takeChanges()).toEqual(told)
  })

  it('counts the newest 256 events and no others', () => {
    release(300)
    for (let after = 0; after < 300;) {
      const piece = pieceAfter(after)
      give(piece)
      after = piece.through
    }
    const counts = deliveries.takeChanges()
    expect(counts).toHaveLength(300)
    expect(counts.filter(({ times }) => times.length > 0).map(({ position }) => position)).toEqual(
      Array.from({ length: 256 }, (_, n) => `${epoch}:${45 + n}`),
    )
    expect(deliveries.takeChanges()).toEqual([])
    deliveries.reportAgain()
    expect(deliveries.takeChanges()).toHaveLength(256)
  })

  it('keeps what a flood leaves unreported, within a limit', () => {
    release(5_000)
    expect(deliveries.takeChanges()).toHaveLength(1_024)
  })

  it('counts what was released before it was there', () => {
    release()
    deliveries = new DeliveryCounts(log, () => now)
    now = 60_000
    give(pieceAfter(0))
    const [count] = deliveries.takeChanges()
    expect(count?.times).toHaveLength(1)
  })

  it('still tells what it counted before a new epoch, and then forgets it', () => {
    release()
    give(pieceAfter(0))
    log.replace(loadedAt('bbbbbbbb'))
    release(2)
    expect(deliveries.takeChanges().map(({ position }) => position)).toEqual([
      'aaaaaaaa:1',
      'bbbbbbbb:1',
      'bbbbbbbb:2',
    ])
    deliveries.takeChanges()
    deliveries.reportAgain()
    expect(deliveries.takeChanges()).toHaveLength(2)
  })
})

function give(piece: Piece, readers = 1): void {
  for (let reader = 0; reader < readers; reader++) deliveries.gave(piece)
  deliveries.endSlice()
}

function pieceAfter(after: number): Piece {
  return new FilteredView(title, log, {}).piece('ws', after, log.head.seq)
}

function release(events = 1, section = 'city', op: EventFrame['op'] = 'publish'): void {
  for (let event = 0; event < events; event++) {
    const { epoch, seq } = log.head
    const at = new Date(now).toISOString()
    const headline = {
      ...{ id: String(seq).padStart(22, 'x'), version: 1, status: 'live', place: seq + 1, publishedAt: at },
      ...{ updatedAt: at, text: 'Line', urgency: 'bulletin', section, regions: [], tags: [] },
    }
    const json = JSON.stringify({ type: 'event', position: `${epoch}:${seq + 1}`, op, at, headline })
    deliveries.released(log.append({ seq: seq + 1, chain: '', json }))
  }
}

function loadedAt(its: string) {
  return { head: { epoch: its, seq: 0, chain: '' }, frozen: false, strip: [], entries: [], chains: new Map() }
}
