import { beforeEach, describe, expect, it } from '@jest/globals'
import type { SocketWriter, WriteHandle } from '../../../../src/gateway/bytes/socket-writer.ts'
import { FeedLog } from '../../../../src/gateway/memory/feed-log.ts'
import { FilteredView } from '../../../../src/gateway/memory/filtered-view.ts'
import { DeliveryCounts } from '../../../../src/gateway/readers/delivery-counts.ts'
import { ReaderSession, type Round } from '../../../../src/gateway/readers/reader-session.ts'
import type { Filter } from '../../../../src/protocol/filter.ts'
import { entriesOf } from '../../../support/entries.ts'

const title = { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' } as const
const place = (seq: number) => ({ epoch: 'abcdefgh', seq })
const shown = { gone: 'no', section: 'world', regions: [], urgency: 'flash' } as const
const entries = entriesOf(Array.from({ length: 9 }, (_, line) => ({ line, ...shown })))

let steps: string[]
let takesMore: boolean
let log: FeedLog
let round: Round

beforeEach(() => {
  steps = []
  takesMore = true
  log = new FeedLog(
    { head: { ...place(0), chain: '' }, frozen: false, strip: [], entries: [], chains: new Map() },
    { events: 3, bytes: 1e6 },
  )
  const writeNow = () => steps.push('handle') > 0
  round = {
    log,
    deliveries: new DeliveryCounts(log, () => 0),
    writer: { writeNow } as unknown as SocketWriter,
    onReset: (reason) => steps.push(`reset ${reason}`),
  }
})

/** A session at the start of the log. */
function session(filter: Filter = {}): ReaderSession {
  const connection = {
    wire: 'ws',
    write: () => {
      steps.push('write')
      return takesMore
    },
    isOpen: () => true,
    answersPings: () => true,
    end: () => undefined,
    writeHandle: () => {
      steps.push('look')
      return {} as WriteHandle
    },
  } as const
  return new ReaderSession(connection, new FilteredView(title, log, filter), place(0))
}

function advance(reader: ReaderSession, through: number): number {
  while (log.head.seq < through) log.append(entries[log.head.seq]!)
  return reader.advance(round, through)
}

describe('a session', () => {
  it('writes through the connection first, and then through its handle', () => {
    const reader = session()
    expect([advance(reader, 1), advance(reader, 2), advance(reader, 2)]).toEqual([1, 1, 0])
    expect(steps).toEqual(['write', 'look', 'handle', 'look'])
    expect(reader.isAt(log.head)).toBe(true)
  })

  it('writes nothing where the filter lets nothing through', () => {
    const reader = session({ section: ['nowhere'] })
    advance(reader, 1)
    expect(steps).toEqual(['look'])
    expect(advance(reader, 2)).toBe(0)
    expect(steps).toEqual(['look'])
    expect(reader.isAt(log.head)).toBe(true)
  })

  it('does not look for a handle when the connection takes no more', () => {
    takesMore = false
    const reader = session()
    expect(advance(reader, 1)).toBe(1)
    expect(advance(reader, 2)).toBe(0)
    expect(steps).toEqual(['write'])
    expect(reader.blocked()).toBe(true)
  })

  it('gets a reset only when it has fallen out of the log', () => {
    const [near, far] = [session(), session()]
    expect(advance(near, 3)).toBe(3)
    expect(steps).not.toContain('reset lagging')
    expect(advance(far, 4)).toBe(0)
    expect(steps).toContain('reset lagging')
    expect(far.isAt(log.head)).toBe(true)
    expect(far.hasReceived(place(4))).toBe(true)
    expect(near.hasReceived(place(4))).toBe(false)
  })
})
