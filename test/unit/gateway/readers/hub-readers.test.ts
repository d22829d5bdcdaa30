import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { setImmediate } from 'node:timers/promises'
import type { LoadedFeed } from '../../../../src/eventlog/read-log.ts'
import { SocketWriter } from '../../../../src/gateway/bytes/socket-writer.ts'
import { Hub } from '../../../../src/gateway/readers/hub.ts'
import type { ReaderConnection } from '../../../../src/gateway/readers/reader-session.ts'
import { createMetrics, type Metrics } from '../../../../src/platform/metrics.ts'
import type { Frame } from '../../../../src/protocol/frames.ts'
import { entriesOf } from '../../../support/entries.ts'

const HEARTBEAT_MS = 10_000
const EPOCH = 'abcdefgh'
const line = { line: 1, gone: 'no', section: 'world', regions: [], urgency: 'flash' } as const
const entries = entriesOf(Array.from({ length: 8 }, () => line))

let metrics: Metrics
let hub: Hub

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['performance', 'setImmediate'] })
  metrics = createMetrics()
  hub = hubOf(loadedAt(0))
})
afterEach(() => {
  hub.close()
  jest.useRealTimers()
})

describe('what a reader gets that joins', () => {
  beforeEach(() => append(1, 2, 3))

  it.each([
    ['nothing is known of it', undefined, ['hello', 'reset start']],
    ['it has everything', place(3), ['hello']],
    ['it has missed some', place(1), ['hello', 'event 2', 'event 3']],
    ['it comes from another history', place(1, 'zzzzzzzz'), ['hello', 'reset epoch']],
    ['it is ahead of the log', place(4), ['hello', 'reset range']],
  ])('is right where %s', async (_what, after, expected) => {
    const reader = new SseReader()
    hub.join(reader, {}, after)
    expect(reader.told).toEqual(expected)
    append(4)
    await rounds()
    expect(reader.told).toEqual([...expected, 'event 4'])
    expect(await value('resets')).toBe(expected.some((one) => one.startsWith('reset')) ? 1 : 0)
  })

  it('is told that the log is stale, and whether its acknowledgements are taken', () => {
    hub.markStale(true)
    const [plain, acking] = [new SseReader(), new SseReader()]
    hub.join(plain, {}, place(3))
    hub.join(acking, {}, place(3), true)
    expect(plain.frames[0]).toMatchObject({ type: 'hello', stale: true, position: `${EPOCH}:3` })
    expect(plain.frames[0]).not.toHaveProperty('acks')
    expect(acking.frames[0]).toMatchObject({ acks: true })
    expect(hub.feedState()).toStrictEqual({ stale: true })
    hub.freeze(true)
    expect(hub.feedState()).toStrictEqual({ stale: true, frozen: true })
    hub.markStale(false)
    hub.freeze(false)
    expect(hub.feedState()).toStrictEqual({})
  })
})

describe('a reader whose filter lets nothing through', () => {
  it('is written nothing when an event comes', async () => {
    const reader = new SseReader()
    hub.join(reader, { section: ['nowhere'] }, place(0))
    const { writes } = reader
    append(1)
    await rounds()
    expect(reader.writes).toBe(writes)
    expect(await value('deliveries')).toBe(0)
  })
})

describe('the readers of a feed', () => {
  it('are counted while they are there, also those who wait for an answer', async () => {
    expect(hub.readers).toBe(0)
    const sessions = [1, 2].map(() => hub.join(new SseReader(), {}, undefined))
    const end = new AbortController()
    const waiting = hub.polls.wait(1_000, end.signal)
    expect(hub.readers).toBe(3)
    expect(await value('sessions')).toBe(2)
    end.abort()
    await waiting
    for (const session of [...sessions, ...sessions]) hub.leave(session)
    expect(hub.readers).toBe(0)
    expect(await value('sessions')).toBe(0)
  })

  it('share a view with those of the same filter, as long as one of them is there', () => {
    const world = { section: ['world'] }
    const sessions = [1, 2].map(() => hub.join(new SseReader(), world, undefined))
    expect(sessions[0]?.view).toBe(sessions[1]?.view)
    expect(hub.view(world)).toBe(sessions[0]?.view)
    hub.leave(sessions[0]!)
    expect(hub.view(world)).toBe(sessions[1]?.view)
    hub.leave(sessions[1]!)
    expect(hub.view(world)).not.toBe(sessions[1]?.view)
    expect(hub.view({})).toBe(hub.view({}))
    const all = hub.join(new SseReader(), {}, undefined)
    hub.leave(all)
    expect(hub.view({})).toBe(all.view)
  })

  it('are counted as blocked until they have drained or gone', async () => {
    const [one, two] = [new SseReader(), new SseReader()]
    one.full = two.full = true
    const [first, second] = [one, two].map((reader) => hub.join(reader, {}, undefined))
    expect(await value('blockedSessions')).toBe(2)
    one.full = false
    hub.drained(first!)
    expect(await value('blockedSessions')).toBe(1)
    hub.leave(second!)
    expect(await value('blockedSessions')).toBe(0)
    hub.drained(second!)
    expect(two.told).toEqual(['hello', 'reset start'])
  })

  it('are silent to a drain when they have gone', () => {
    const reader = new SseReader()
    const session = hub.join(reader, {}, undefined)
    hub.leave(session)
    append(1)
    hub.drained(session)
    expect(reader.told).toEqual(['hello', 'reset start'])
  })
})

describe('what is counted', () => {
  it('is each event that was written, those of who comes back too, and the head', async () => {
    hub.join(new SseReader(), {}, undefined)
    append(1, 2)
    await rounds()
    expect(await value('deliveries')).toBe(2)
    expect(await value('headSeq')).toBe(2)
    hub.join(new SseReader(), {}, place(0))
    await rounds()
    expect(await value('deliveries')).toBe(4)
    hub.replace(loadedAt(7, 'zzzzzzzz'))
    expect(await value('headSeq')).toBe(7)
    await rounds()
    expect(await value('deliveries')).toBe(4)
    expect(await value('resets')).toBe(3)
  })

  it('has the position from which the log was loaded', async () => {
    hub.close()
    metrics = createMetrics()
    hub = hubOf(loadedAt(5))
    expect(await value('headSeq')).toBe(5)
    expect(hub.feed).toBe('en')
  })
})

describe('a heartbeat', () => {
  it('is a head and nothing else where there are no pings', () => {
    const reader = new SseReader()
    hub.join(reader, {}, place(0))
    jest.advanceTimersByTime(HEARTBEAT_MS)
    expect(reader.told).toEqual(['hello', 'head'])
    expect(reader.frames.at(-1)).toMatchObject({ position: `${EPOCH}:0`, serverTime: expect.any(String) })
  })

  it('ends who answers no pings, and says nothing more', () => {
    const reader = new SseReader()
    hub.join(reader, {}, place(0))
    reader.answers = false
    jest.advanceTimersByTime(HEARTBEAT_MS)
    expect(reader.ended).toBe('idle')
    expect(reader.told).toEqual(['hello'])
  })

  it('does not tell the head to a reader whom the missing events have filled', async () => {
    const reader = new SseReader()
    hub.join(reader, {}, place(0))
    append(1)
    reader.full = true
    jest.advanceTimersByTime(HEARTBEAT_MS)
    await rounds()
    expect(reader.told).toEqual(['hello', 'event 1'])
  })
})

describe('long polls', () => {
  it('are answered sixteen in one turn of the event loop', async () => {
    const end = new AbortController()
    let woken = 0
    for (let poll = 0; poll < 40; poll++) void hub.polls.wait(60_000, end.signal).then(() => woken++)
    expect(hub.readers).toBe(40)
    const all = hub.polls.wake()
    await Promise.resolve()
    await Promise.resolve()
    expect(woken).toBe(16)
    await all
    await rounds()
    expect(woken).toBe(40)
    expect(hub.readers).toBe(0)
  })

  it('leave nothing behind that would wake them again', async () => {
    const end = new AbortController()
    const removed = jest.spyOn(end.signal, 'removeEventListener')
    const waiting = hub.polls.wait(60_000, end.signal)
    expect(jest.getTimerCount()).toBe(3)
    await hub.polls.wake()
    await waiting
    expect(jest.getTimerCount()).toBe(2)
    expect(removed).toHaveBeenCalledTimes(1)
  })

  it('of who has gone already end at once, and all when the feed is closed', async () => {
    await hub.polls.wait(60_000, AbortSignal.abort())
    const waiting = hub.polls.wait(60_000, new AbortController().signal)
    hub.close()
    await waiting
    expect(hub.readers).toBe(0)
    expect(jest.getTimerCount()).toBe(0)
  })
})

/** Takes server-sent events and keeps them. */
class SseReader implements ReaderConnection {
  readonly wire = 'sse'
  readonly frames: Frame[] = []
  ended: string | undefined
  writes = 0
  full = false
  answers = true

  write(bytes: Buffer): boolean {
    this.writes++
    for (const part of bytes.toString().split('\n\n').filter(Boolean))
      this.frames.push(JSON.parse(part.slice(part.indexOf('data: ') + 6)) as Frame)
    return !this.full
  }

  isOpen(): boolean {
    return true
  }

  answersPings(): boolean {
    return this.answers
  }

  end(reason: string): void {
    this.ended = reason
  }

  get told(): string[] {
    return this.frames.map((frame) => {
      if (frame.type === 'reset') return `reset ${frame.reason}`
      return frame.type === 'event' ? `event ${frame.position.split(':')[1]}` : frame.type
    })
  }
}

function hubOf(loaded: LoadedFeed): Hub {
  return new Hub({ id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' }, loaded, {
    options: {
      heartbeatMs: HEARTBEAT_MS,
      slowReaderMs: 4 * HEARTBEAT_MS,
      resumeEvents: 100,
      resumeBytes: 1e6,
    },
    metrics,
    now: () => 0,
    writer: new SocketWriter(),
  })
}

function place(seq: number, epoch = EPOCH) {
  return { epoch, seq }
}

function loadedAt(seq: number, epoch = EPOCH): LoadedFeed {
  return {
    head: { ...place(seq, epoch), chain: '' },
    frozen: false,
    strip: [],
    entries: [],
    chains: new Map(),
  }
}

function append(...seqs: number[]): void {
  for (const seq of seqs) hub.append(entries[seq - 1]!)
}

/** The sum over all labels. */
async function value(name: 'sessions' | 'blockedSessions' | 'deliveries' | 'resets' | 'headSeq') {
  const { values } = await metrics[name].get()
  return values.reduce((sum, one) => sum + one.value, 0)
}

async function rounds(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await setImmediate()
}
