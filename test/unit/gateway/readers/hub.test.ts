import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { LoadedFeed, LogEntry } from '../../../../src/eventlog/read-log.ts'
import { SocketWriter } from '../../../../src/gateway/bytes/socket-writer.ts'
import { Hub } from '../../../../src/gateway/readers/hub.ts'
import type { ReaderConnection } from '../../../../src/gateway/readers/reader-session.ts'
import { createMetrics } from '../../../../src/platform/metrics.ts'
import type { Frame, HeadFrame } from '../../../../src/protocol/frames.ts'
import { WsFrameParser, type WsFrame } from '../../../support/ws-frame-parser.ts'

const HEARTBEAT_MS = 10_000
const SLICE_MS = 6

/** Time of the clock that dates the events. */
const now = 0
let hub: Hub
let head = { epoch: 'aaaaaaaa', seq: 0, chain: '0'.repeat(40) }

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['performance', 'setImmediate'] })
  head = { epoch: 'aaaaaaaa', seq: 0, chain: '0'.repeat(40) }
  hub = new Hub({ id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' }, loaded(), {
    options: {
      heartbeatMs: HEARTBEAT_MS,
      slowReaderMs: 4 * HEARTBEAT_MS,
      resumeEvents: 100,
      resumeBytes: 1_000_000,
    },
    metrics: createMetrics(),
    now: () => now,
    writer: new SocketWriter(),
  })
})
afterEach(() => {
  hub.close()
  jest.useRealTimers()
})

describe('a heartbeat', () => {
  it('pings a reader that is behind too, so that it is not taken for dead', () => {
    const reader = new FakeReader()
    hub.join(reader, {}, undefined)
    for (let beat = 1; beat <= 3; beat++) {
      // The heartbeat comes before the round that delivers the event.
      hub.append(nextEntry())
      jest.advanceTimersByTime(HEARTBEAT_MS)
      expect(reader.frames.filter(({ kind }) => kind === 'ping')).toHaveLength(beat)
    }
  })

  it('sends missing events before the head, which says that none is missing', () => {
    const reader = new FakeReader()
    hub.join(reader, {}, undefined)
    hub.append(nextEntry())
    jest.advanceTimersByTime(HEARTBEAT_MS)
    expect(reader.types).toEqual(['hello', 'reset', 'event', 'head'])
    expect(reader.last).toMatchObject({ position: `${head.epoch}:1` })
  })

  it('reaches a reader whose filter lets no event through, however busy the feed is', () => {
    const reader = new FakeReader()
    hub.join(reader, { section: ['nowhere'] }, undefined)
    for (let beat = 1; beat <= 3; beat++) {
      hub.append(nextEntry())
      jest.advanceTimersByTime(HEARTBEAT_MS)
      expect(reader.last).toMatchObject({ type: 'head', position: `${head.epoch}:${beat}` })
    }
  })

  it('carries the feed state of the moment at which it is sent, not at which the walk began', async () => {
    const readers = Array.from({ length: 40 }, () => new FakeReader())
    for (const reader of readers) hub.join(reader, {}, undefined)
    for (const reader of readers) reader.burnMs = 1
    jest.advanceTimersByTime(HEARTBEAT_MS)
    expect(readers.at(-1)?.types).toEqual(['hello', 'reset'])
    hub.freeze(true)
    await rounds()
    for (const { last } of readers) expect(last).toMatchObject({ type: 'head', frozen: true })
  })

  it('is not sent to a reader whose connection is full', () => {
    const reader = new FakeReader()
    hub.join(reader, {}, undefined)
    reader.full = true
    jest.advanceTimersByTime(HEARTBEAT_MS)
    const { length } = reader.frames
    jest.advanceTimersByTime(2 * HEARTBEAT_MS)
    expect(reader.frames).toHaveLength(length)
  })
})

describe('a feed with other words than before', () => {
  const present = (version: number): void => {
    hub.present({ version, words: { flash: 'Just in' }, labels: {} })
  }

  it('is in a head at once, and in the next heartbeat of a reader that could take nothing', async () => {
    const [reader, blocked] = [new FakeReader(), new FakeReader()]
    hub.join(reader, {}, undefined)
    const session = hub.join(blocked, {}, undefined)
    blocked.full = true
    hub.append(nextEntry())
    await rounds()
    present(2)
    await rounds()
    expect(reader.last).toMatchObject({ type: 'head', feed: { id: 'en', words: 2 } })
    expect(blocked.types).not.toContain('head')
    blocked.full = false
    hub.drained(session)
    jest.advanceTimersByTime(HEARTBEAT_MS)
    expect(blocked.last).toMatchObject({ type: 'head', feed: { words: 2 } })
  })

  it('is in no head while nothing changes', async () => {
    const reader = new FakeReader()
    hub.join(reader, {}, undefined)
    hub.present({ version: 0, words: {}, labels: {} })
    await rounds()
    expect(reader.types).toEqual(['hello', 'reset'])
    jest.advanceTimersByTime(HEARTBEAT_MS)
    expect(reader.last).not.toHaveProperty('feed')
  })
})

describe('a feed that the newsroom stops', () => {
  const lastHead = (reader: FakeReader) => ({
    type: reader.last?.type,
    frozen: (reader.last as HeadFrame).frozen,
  })

  it('tells every reader at once, and again when it goes on', async () => {
    const readers = [new FakeReader(), new FakeReader()]
    for (const reader of readers) hub.join(reader, {}, undefined)
    hub.freeze(true)
    await rounds()
    for (const reader of readers) expect(lastHead(reader)).toEqual({ type: 'head', frozen: true })
    hub.freeze(false)
    await rounds()
    for (const reader of readers) expect(lastHead(reader)).toEqual({ type: 'head', frozen: undefined })
  })

  it('tells each reader once', async () => {
    const reader = new FakeReader()
    hub.join(reader, {}, undefined)
    hub.freeze(true)
    hub.freeze(true)
    await rounds()
    expect(reader.types).toEqual(['hello', 'reset', 'head'])
  })

  it('first sends the events that were released before', async () => {
    const reader = new FakeReader()
    hub.join(reader, {}, undefined)
    hub.append(nextEntry())
    hub.freeze(true)
    await rounds()
    expect(reader.types).toEqual(['hello', 'reset', 'event', 'head'])
    expect(reader.last).toMatchObject({ position: `${head.epoch}:1`, frozen: true })
  })

  it('is marked frozen in hello and in each heartbeat', () => {
    hub.freeze(true)
    const reader = new FakeReader()
    hub.join(reader, {}, undefined)
    expect(reader.first).toMatchObject({ type: 'hello', frozen: true })
    jest.advanceTimersByTime(HEARTBEAT_MS)
    expect(lastHead(reader)).toEqual({ type: 'head', frozen: true })
  })

  it('is noticed when its log is read again', async () => {
    const reader = new FakeReader()
    hub.join(reader, {}, undefined)
    hub.replace({ ...loaded(), frozen: true })
    await rounds()
    expect(lastHead(reader)).toEqual({ type: 'head', frozen: true })
  })
})

describe('a delivery', () => {
  it('is counted for the log that it came from, even if another log replaces it at once', async () => {
    hub.append(nextEntry())
    hub.join(new FakeReader(), {}, { epoch: head.epoch, seq: 0 })
    hub.replace({ ...loaded(), head: { epoch: 'zzzzzzzz', seq: 1, chain: '' } })
    await rounds()
    expect(countedDeliveries()).toEqual([1])
  })

  const countedDeliveries = () =>
    hub.deliveries.takeChanges().map(({ times }) => times.reduce((sum, [, n]) => sum + n, 0))

  it('is counted for open connections, and for blocked ones once they have drained', async () => {
    const [open, full, closing] = [new FakeReader(), new FakeReader(), new FakeReader()]
    const [, session] = [open, full, closing].map((reader) => hub.join(reader, {}, undefined))
    hub.append(nextEntry())
    full.full = closing.closing = true
    await rounds()
    expect(countedDeliveries()).toEqual([2])
    hub.append(nextEntry())
    await rounds()
    expect(countedDeliveries()).toEqual([1])
    full.full = false
    hub.drained(session!)
    expect(countedDeliveries()).toEqual([2])
    expect(closing.types).toEqual(['hello', 'reset'])
  })

  it('is not counted for the strip in a reset', () => {
    hub.append(nextEntry())
    hub.join(new FakeReader(), {}, undefined)
    expect(countedDeliveries()).toEqual([0])
  })
})

describe('a round over many readers', () => {
  it('yields to other work, and continues with a reset where a new epoch began meanwhile', async () => {
    const readers = Array.from({ length: 200 }, () => new FakeReader())
    for (const reader of readers) hub.join(reader, {}, undefined)
    for (let event = 0; event < 10; event++) hub.append(nextEntry())
    readers[20]!.burnMs = SLICE_MS
    await setImmediate()
    expect(readers[0]!.types).toContain('event')
    expect(readers[199]!.types).not.toContain('event')

    head = { epoch: 'bbbbbbbb', seq: 3, chain: '1'.repeat(40) }
    hub.replace(loaded())
    await rounds()
    for (const reader of readers)
      expect(reader.last).toMatchObject({ type: 'reset', reason: 'epoch', position: 'bbbbbbbb:3' })
  })

  it('visits every remaining reader when others leave during it', async () => {
    const readers = Array.from({ length: 200 }, () => new FakeReader())
    const sessions = readers.map((reader) => hub.join(reader, {}, undefined))
    hub.append(nextEntry())
    readers[20]!.burnMs = SLICE_MS
    await setImmediate()
    for (let gone = 0; gone < 30; gone++) hub.leave(sessions[gone]!)
    await rounds()
    for (const reader of readers.slice(30)) expect(reader.types).toEqual(['hello', 'reset', 'event'])
  })
})

describe('a reader whose connection is full', () => {
  it('is counted once', async () => {
    const metrics = createMetrics()
    const own = new Hub({ id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' }, loaded(), {
      options: { heartbeatMs: 1e6, slowReaderMs: 1e6, resumeEvents: 100, resumeBytes: 1_000_000 },
      metrics,
      now: () => now,
      writer: new SocketWriter(),
    })
    const reader = new FakeReader()
    reader.full = true
    const blocked = async () => (await metrics.blockedSessions.get()).values[0]?.value
    const session = own.join(reader, {}, undefined)
    expect(await blocked()).toBe(1)
    own.drained(session)
    expect(await blocked()).toBe(0)
    own.leave(session)
    own.close()
  })

  it('gets no more events until it has drained, and then all of them', async () => {
    const reader = new FakeReader()
    const session = hub.join(reader, {}, undefined)
    hub.append(nextEntry())
    reader.full = true
    await rounds()
    const { length } = reader.types
    for (let event = 0; event < 5; event++) hub.append(nextEntry())
    await rounds()
    expect(reader.types).toHaveLength(length)
    reader.full = false
    hub.drained(session)
    expect(reader.types.slice(2)).toEqual(Array(6).fill('event'))
  })

  it('is closed after `slowReaderMs`', () => {
    const reader = new FakeReader()
    reader.full = true
    const begun = jest.spyOn(performance, 'now').mockReturnValue(1_000)
    hub.join(reader, {}, undefined)
    begun.mockReturnValue(1_000 + 4 * HEARTBEAT_MS - 1)
    jest.advanceTimersByTime(HEARTBEAT_MS)
    expect(reader.ended).toBeUndefined()
    begun.mockReturnValue(1_000 + 4 * HEARTBEAT_MS + 1)
    jest.advanceTimersByTime(HEARTBEAT_MS)
    begun.mockRestore()
    expect(reader.ended).toBe('slow')
  })

  it('gets a random time to come back, so that readers return spread out', async () => {
    const readers = Array.from({ length: 64 }, () => new FakeReader())
    for (const reader of readers) {
      reader.full = true
      hub.join(reader, {}, undefined)
    }
    const since = performance.now()
    const later = jest.spyOn(performance, 'now').mockReturnValue(since + 6 * HEARTBEAT_MS)
    jest.advanceTimersByTime(HEARTBEAT_MS)
    later.mockRestore()
    await rounds()
    expect(readers.every(({ ended }) => ended === 'slow')).toBe(true)
    expect(new Set(readers.map(({ retryAfterMs }) => retryAfterMs)).size).toBeGreaterThan(32)
  })
})

describe('a flush round', () => {
  it('begins as soon as the current turn of the event loop is over', async () => {
    const reader = new FakeReader()
    hub.join(reader, {}, undefined)
    hub.append(nextEntry())
    await setImmediate()
    expect(reader.types).toEqual(['hello', 'reset', 'event'])
  })

  it('leaves events that arrive during it to the next round, which sends them in one write', async () => {
    const readers = Array.from({ length: 40 }, () => new FakeReader())
    for (const reader of readers) hub.join(reader, {}, undefined)
    const [first, last] = [readers[0]!, readers.at(-1)!]
    const joined = first.writes
    for (const reader of readers) reader.burnMs = 1
    hub.append(nextEntry())
    await setImmediate()
    expect([first.types.length, last.types.length]).toEqual([3, 2])
    hub.append(nextEntry())
    hub.append(nextEntry())
    await rounds()
    for (const reader of readers) {
      expect(reader.types).toEqual(['hello', 'reset', 'event', 'event', 'event'])
      expect(reader.writes).toBe(joined + 2)
    }
  })
})

describe('a long poll', () => {
  it('ends with the next event, at its limit, and when its reader leaves', async () => {
    const never = new AbortController()
    const woken: string[] = []
    const wait = (name: string, limitMs: number, signal = never.signal) =>
      hub.polls.wait(limitMs, signal).then(() => woken.push(name))
    const gone = new AbortController()
    void wait('event', 25_000)
    void wait('limit', 1_000)
    void wait('gone', 25_000, gone.signal)
    jest.advanceTimersByTime(1_000)
    await rounds()
    expect(woken).toEqual(['limit'])
    gone.abort()
    await rounds()
    expect(woken).toEqual(['limit', 'gone'])
    hub.append(nextEntry())
    await rounds()
    expect(woken).toEqual(['limit', 'gone', 'event'])
  })
})

/** Records the frames that are written to it. */
class FakeReader implements ReaderConnection {
  readonly wire = 'ws'
  readonly frames: WsFrame[] = []
  ended: string | undefined
  retryAfterMs: number | undefined
  full = false
  closing = false
  writes = 0
  /** How long the next write takes. */
  burnMs = 0
  readonly #parser = new WsFrameParser()

  write(bytes: Buffer): boolean {
    this.writes++
    this.frames.push(...this.#parser.push(bytes))
    const until = performance.now() + this.burnMs
    while (performance.now() < until);
    this.burnMs = 0
    return !this.full
  }

  isOpen(): boolean {
    return !this.closing
  }

  answersPings(): boolean {
    return true
  }

  end(reason: string, retryAfterMs: number): void {
    this.ended = reason
    this.retryAfterMs = retryAfterMs
  }

  get first(): Frame | undefined {
    return this.#texts[0]
  }

  get last(): Frame | undefined {
    return this.#texts.at(-1)
  }

  get types(): string[] {
    return this.#texts.map(({ type }) => type)
  }

  get #texts(): Frame[] {
    return this.frames.flatMap((frame) => (frame.kind === 'text' ? [JSON.parse(frame.text) as Frame] : []))
  }
}

function loaded(): LoadedFeed {
  return { head, frozen: false, strip: [], entries: [], chains: new Map() }
}

function nextEntry(): LogEntry {
  const seq = head.seq + 1
  const at = new Date(now).toISOString()
  const headline = {
    ...{ id: String(seq).padStart(22, 'x'), version: 1, status: 'live', place: seq, publishedAt: at },
    ...{ updatedAt: at, text: `Line ${seq}`, urgency: 'bulletin', regions: [], tags: [] },
  }
  const json = JSON.stringify({
    type: 'event',
    position: `${head.epoch}:${seq}`,
    op: 'publish',
    at,
    headline,
  })
  head = {
    ...head,
    seq,
    chain: createHash('sha1')
      .update(head.chain + json)
      .digest('hex'),
  }
  return { seq, chain: head.chain, json }
}

async function rounds(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await setImmediate()
}
