import { beforeEach, describe, expect, it } from '@jest/globals'
import { SocketWriter } from '../../../../src/gateway/bytes/socket-writer.ts'
import { AcknowledgementCounts } from '../../../../src/gateway/readers/acknowledgement-counts.ts'
import { FeedLog } from '../../../../src/gateway/memory/feed-log.ts'
import { ReaderSession, type ReaderConnection } from '../../../../src/gateway/readers/reader-session.ts'
import { FilteredView } from '../../../../src/gateway/memory/filtered-view.ts'
import { DeliveryCounts } from '../../../../src/gateway/readers/delivery-counts.ts'
import type { EventFrame } from '../../../../src/protocol/frames.ts'
import type { Op } from '../../../../src/protocol/lists/ops.ts'

const title = { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' } as const
const epoch = 'aaaaaaaa'
const other = 'bbbbbbbb'

const writer = new SocketWriter()
let log: FeedLog
let deliveries: DeliveryCounts
let acknowledgements: AcknowledgementCounts
let sessions: ReaderSession[]
let connected: number

beforeEach(() => {
  log = new FeedLog(loadedAt(epoch), { events: 10_000, bytes: 10_000_000 })
  deliveries = new DeliveryCounts(log, () => 0)
  acknowledgements = new AcknowledgementCounts(log, deliveries)
  sessions = []
  connected = 0
})

/** Acts of readers around the withdrawal at seq 2, and the sums that the withdrawal gets. */
const none = { asked: 0, cleared: 0, left: 0, returned: 0, silent: 0 }
it.each<[string, () => unknown, Partial<typeof none>]>([
  ['no reader is connected', () => release('withdraw'), {}],
  ['a reader is connected and acknowledges nothing', () => [join(), release('withdraw')], { asked: 1 }],
  ['it acknowledges the event', () => [join(), release('withdraw'), ack(0, 2)], { asked: 1, cleared: 1 }],
  [
    'it acknowledges a later position',
    () => [join(), release('withdraw', 'publish'), ack(0, 3)],
    { asked: 1, cleared: 1 },
  ],
  ['it acknowledges an earlier position', () => [join(), release('withdraw'), ack(0, 1)], { asked: 1 }],
  [
    'it repeats its acknowledgement',
    () => [join(), release('withdraw'), ack(0, 2), ack(0, 2), ack(0, 1), ack(0, 2)],
    { asked: 1, cleared: 1 },
  ],
  [
    'it acknowledges an event that it was not sent',
    () => [join(), release('withdraw'), ack(0, 2, { sentThrough: 1 })],
    { asked: 1 },
  ],
  ['it acknowledges a future position', () => [join(), release('withdraw'), ack(0, 9)], { asked: 1 }],
  [
    'it acknowledges a position of another epoch',
    () => [join(), release('withdraw'), ack(0, 2, { its: other })],
    { asked: 1 },
  ],
  ['it leaves', () => [join(), release('withdraw'), leave(0)], { asked: 1, left: 1 }],
  [
    'it leaves after its acknowledgement',
    () => [join(), release('withdraw'), ack(0, 2), leave(0)],
    { asked: 1, cleared: 1 },
  ],
  ['it leaves before the release', () => [join(), leave(0), release('withdraw')], {}],
  [
    'it leaves and comes back',
    () => [join(), release('withdraw'), leave(0), join(1)],
    { asked: 2, left: 1, returned: 1 },
  ],
  [
    'it comes back and acknowledges',
    () => [join(), release('withdraw'), leave(0), join(1), ack(1, 2)],
    { asked: 2, cleared: 1, left: 1, returned: 1 },
  ],
  [
    'it comes back with the position of the event',
    () => [join(), release('withdraw'), leave(0), join(2)],
    { asked: 1, left: 1 },
  ],
  [
    'a reader resumes from an earlier position',
    () => [release('withdraw'), join(0)],
    { asked: 1, returned: 1 },
  ],
  [
    'a reader resumes from another epoch',
    () => [release('withdraw'), join(1, other)],
    { asked: 1, returned: 1 },
  ],
  ['a reader comes without a position', () => [release('withdraw'), join()], {}],
  ['a reader resumes from a future position', () => [release('withdraw'), join(7), ack(0, 2)], {}],
  ['three readers do not acknowledge', () => [release('withdraw', { readers: 3 })], { silent: 3 }],
  [
    'one of three readers acknowledges',
    () => [join(), release('withdraw', { readers: 3 })],
    { asked: 1, silent: 2 },
  ],
])('%s', (_what, act, expected) => {
  release('publish')
  act()
  expect(sumsOf(2)).toEqual({ ...none, ...expected })
})

describe('an event that must clear every screen', () => {
  it.each<[Op, boolean]>([
    ['publish', false],
    ['correct', true],
    ['hold', true],
    ['resume', false],
    ['withdraw', true],
    ['expire', false],
    ['pin', false],
    ['unpin', false],
  ])('may be a %s: %s', (op, isCounted) => {
    join()
    release(op)
    expect(sumsOf(1)?.asked).toBe(isCounted ? 1 : undefined)
  })

  it('is cleared by an acknowledgement of any later position', () => {
    join()
    release('withdraw', 'correct', 'publish', 'hold')
    ack(0, 2)
    expect([1, 2, 4].map((seq) => sumsOf(seq)?.cleared)).toEqual([1, 1, 0])
    ack(0, 4)
    expect([1, 2, 4].map((seq) => sumsOf(seq)?.cleared)).toEqual([1, 1, 1])
  })

  it('is counted while it is among the newest 256 events', () => {
    release(...Array.from({ length: 300 }, () => 'withdraw' as const))
    deliveries.takeChanges()
    join(0)
    const counts = deliveries.takeChanges().map(({ screens }) => screens)
    expect(counts).toHaveLength(256)
    expect(counts.every((screens) => screens?.asked === 1)).toBe(true)
  })

  it('of a new epoch is counted for every session, and one of the ended epoch for none', () => {
    const session = join()
    release('withdraw')
    log.replace(loadedAt(other, ['withdraw', 'publish']))
    acknowledgements.replaced(1, sessions)
    expect(session.acked).toBeLessThan(1)
    const [before] = deliveries.takeChanges()
    expect(before).toMatchObject({ position: `${epoch}:1`, screens: { ...none, asked: 1 } })
    expect(sumsOf(1)).toEqual({ ...none, asked: 1 })
    ack(0, 1)
    expect(sumsOf(1)).toEqual({ ...none, asked: 1 })
    ack(0, 2, { its: other })
    expect(sumsOf(1)).toEqual({ ...none, asked: 1, cleared: 1 })
    leave(0)
    expect(sumsOf(1)).toEqual({ ...none, asked: 1, cleared: 1 })
  })

  it('is not cleared by a late acknowledgement of the ended epoch', () => {
    const session = join()
    release('withdraw')
    // The session was sent the event, and has yet to hear of the new epoch.
    ack(0, 0)
    log.replace(loadedAt(other, ['withdraw']))
    acknowledgements.replaced(1, sessions)
    acknowledgements.acked(session, { epoch, seq: 1 })
    expect(sumsOf(1)).toEqual({ ...none, asked: 1 })
  })

  it('is counted for every session when the log was read again', () => {
    join()
    release('publish')
    log.replace(loadedAt(epoch, ['publish', 'withdraw', 'publish']))
    acknowledgements.replaced(1, sessions)
    ack(0, 3)
    expect(sumsOf(2)).toEqual({ ...none, asked: 1, cleared: 1 })
  })

  it('that was loaded is reported only after its sums have changed', () => {
    log.replace(loadedAt(epoch, ['withdraw', 'hold']))
    acknowledgements = new AcknowledgementCounts(log, deliveries)
    deliveries.reportAgain()
    expect(deliveries.takeChanges()).toEqual([])
    join(1)
    expect(deliveries.takeChanges().map(({ position }) => position)).toEqual([`${epoch}:2`])
  })

  it('is reported again while a session has yet to acknowledge it', () => {
    join()
    release('withdraw', 'publish', 'hold')
    deliveries.takeChanges()
    ack(0, 1)
    deliveries.takeChanges()
    acknowledgements.reportUncleared()
    expect(deliveries.takeChanges().map(({ position }) => position)).toEqual([`${epoch}:3`])
    ack(0, 3)
    deliveries.takeChanges()
    acknowledgements.reportUncleared()
    expect(deliveries.takeChanges()).toEqual([])
  })
})

function join(after?: number, its = epoch): ReaderSession {
  const from = after === undefined ? log.head : { epoch: its, seq: after }
  const start = its === log.head.epoch && from.seq <= log.head.seq ? from : log.head
  const session = new ReaderSession(connection, new FilteredView(title, log, {}), start)
  acknowledgements.joined(session, from)
  sessions.push(session)
  connected++
  return session
}

function leave(index: number): ReaderSession {
  const session = sessions[index]!
  acknowledgements.left(session)
  connected--
  return session
}

/** Acknowledges by a session that was sent all events, or those up to `sentThrough`. */
function ack(index: number, seq: number, { its = epoch, sentThrough = log.head.seq } = {}): ReaderSession {
  const session = sessions[index]!
  session.advance({ log, deliveries, writer, onReset: () => undefined }, sentThrough)
  acknowledgements.acked(session, { epoch: its, seq })
  return session
}

function sumsOf(seq: number) {
  deliveries.takeChanges()
  deliveries.reportAgain()
  const position = `${log.head.epoch}:${seq}`
  return deliveries.takeChanges().find((count) => count.position === position)?.screens
}

function release(...what: (Op | { readers: number })[]): number {
  const readers = what.flatMap((each) => (typeof each === 'string' ? [] : [each.readers]))
  for (const op of what) {
    if (typeof op !== 'string') continue
    const { epoch, seq } = log.head
    deliveries.released(log.append(entryOf(epoch, seq + 1, op)))
    acknowledgements.appended(readers[0] ?? connected)
  }
  return log.head.seq
}

const connection: ReaderConnection = {
  wire: 'ws',
  write: () => true,
  isOpen: () => true,
  answersPings: () => true,
  end: () => undefined,
}

function entryOf(its: string, seq: number, op: EventFrame['op']) {
  const at = new Date(0).toISOString()
  const headline = {
    ...{ id: String(seq).padStart(22, 'x'), version: 1, status: 'live', place: seq, publishedAt: at },
    ...{ updatedAt: at, text: 'Line', urgency: 'bulletin', regions: [], tags: [] },
  }
  return {
    seq,
    chain: '',
    json: JSON.stringify({ type: 'event', position: `${its}:${seq}`, op, at, headline }),
  }
}

function loadedAt(its: string, ops: readonly Op[] = []) {
  return {
    head: { epoch: its, seq: ops.length, chain: '' },
    frozen: false,
    strip: [],
    entries: ops.map((op, index) => entryOf(its, index + 1, op)),
    chains: new Map(),
  }
}
