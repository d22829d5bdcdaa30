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

describe('delivery counts', () => {
  it('is counted by the time from its release', () => {
    now = 1_000
    release()
    now = 1_004
    deliver(pieceAfter(0))
    expect(deliveries.takeChanges().map(({ times }) => times)).toEqual([[[4, 1]]])
  })

  it('count the readers of a slice at epoch end, and those of the next slice later', () => {
    release()
    now = 4
    deliver(pieceAfter(0), 3)
    now = 9
    deliver(pieceAfter(0), 2)
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

  it('count every event of a piece', () => {
    release(2)
    deliver(pieceAfter(0))
    expect(deliveries.takeChanges().map(({ times }) => times)).toEqual([[[0, 1]], [[0, 1]]])
  })

  it('do not count events that a filter leaves out, nor `leave` events', () => {
    release(1, 'city')
    release(1, 'sport')
    release(1, 'sport', 'correct')
    const piece = new FilteredView(title, log, { section: ['city'] }).piece('ws', 0, 3)
    expect(piece.events).toBe(2)
    deliver(piece)
    const counts = deliveries.takeChanges().map(({ position, times }) => [position, times.length])
    expect(counts).toEqual([
      [`${epoch}:1`, 1],
      [`${epoch}:2`, 0],
      [`${epoch}:3`, 0],
    ])
  })

  it('report each change once, as sums since the release', () => {
    release()
    deliver(pieceAfter(0))
    expect(deliveries.takeChanges()).toHaveLength(1)
    expect(deliveries.takeChanges()).toEqual([])
    deliver(pieceAfter(0))
    expect(deliveries.takeChanges()).toEqual([{ position: `${epoch}:1`, times: [[0, 2]] }])
  })

  it('report a lost report again, and everything on request', () => {
    release(2)
    const reported = deliveries.takeChanges()
    deliveries.reportAgain(reported.slice(1))
    expect(deliveries.takeChanges()).toEqual(reported.slice(1))
    deliveries.reportAgain()
    expect(deliveries.takeChanges()).toEqual(reported)
  })

  it('cover the newest 256 events and no others', () => {
    release(300)
    for (let after = 0; after < 300;) {
      const piece = pieceAfter(after)
      deliver(piece)
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

  it('are kept up to a limit while events come faster than reports', () => {
    release(5_000)
    expect(deliveries.takeChanges()).toHaveLength(1_024)
  })

  it('cover events that were released before the gateway loaded the feed', () => {
    release()
    deliveries = new DeliveryCounts(log, () => now)
    now = 60_000
    deliver(pieceAfter(0))
    const [count] = deliveries.takeChanges()
    expect(count?.times).toHaveLength(1)
  })

  it('of an ended epoch are reported once more and then forgotten', () => {
    release()
    deliver(pieceAfter(0))
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

function deliver(piece: Piece, readers = 1): void {
  for (let reader = 0; reader < readers; reader++) deliveries.addReader(piece)
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

function loadedAt(epoch: string) {
  return {
    head: { epoch, seq: 0, chain: '' },
    frozen: false,
    strip: [],
    entries: [],
    chains: new Map(),
  }
}
