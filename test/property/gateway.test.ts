import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import type { Change } from '../../src/eventlog/save-headline.ts'
import { eventOf, loadFeed, readAfter, readHeads } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { SocketWriter, type WriteHandle, type WriteRequest } from '../../src/gateway/bytes/socket-writer.ts'
import { EarlierEvents } from '../../src/gateway/upstream/earlier-events.ts'
import { FeedSource } from '../../src/gateway/upstream/feed-source.ts'
import { Hub } from '../../src/gateway/readers/hub.ts'
import type { ReaderConnection, ReaderSession } from '../../src/gateway/readers/reader-session.ts'
import { transportOf, wires, type Wire } from '../../src/gateway/bytes/frame-bytes.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { fold, inOrder, stripOf, type Strip } from '../../src/protocol/fold.ts'
import type { Headline } from '../../src/protocol/headline.ts'
import type { EventFrame, Frame } from '../../src/protocol/frames.ts'
import {
  parseMarkedPosition,
  parsePosition,
  markPattern,
  withMark,
  type MarkedPosition,
} from '../../src/protocol/position.ts'
import { correct, expire, hold, newId, pin, publish, resume, save, withdraw } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { createTestFeed, freshPrefix, openTestStore } from '../support/redis.ts'
import { WsFrameParser } from '../support/ws-frame-parser.ts'

const HELD_EVENTS = 12
/** Events that were released before the gateway starts, and how many of them it opens with and loads in one step. */
const EVENTS_BEFORE = 10
const FIRST_EVENTS = 3
const EVENTS_PER_STEP = 2
const NEVER_MS = 100_000_000

type Kind = 'publish' | 'correct' | 'withdraw' | 'hold' | 'resume' | 'expire' | 'pin'

/** A step of the log, the network or a reader; a number selects one of the existing messages or readers. */
type Step =
  | { act: Kind; line: number; burst: number }
  | { act: 'fork' }
  | { act: 'deliver' | 'lose' | 'corrupt'; message: number }
  | { act: 'repeat'; seq: number }
  | { act: 'look' | 'tail-check' | 'turn' | 'settle' | 'load' }
  | { act: 'join'; wire: Wire; from: 'start' | 'foreign' | 'held'; back: number }
  | { act: 'block' | 'drain' | 'leave' | 'return'; reader: number }

/** A write request with the members of Node's that the gateway uses. */
class Request implements WriteRequest {
  asyncId = -1

  getAsyncId(): number {
    return this.asyncId
  }
}

const writer = new SocketWriter()
writer.open({ isHandle: (_handle): _handle is WriteHandle => true, createRequest: () => new Request() })

const nat = fc.nat(40)
const change = (act: Kind) =>
  fc.record({ act: fc.constant(act), line: nat, burst: fc.integer({ min: 1, max: 4 }) })
const withReader = (act: 'block' | 'drain' | 'leave' | 'return') =>
  fc.record({ act: fc.constant(act), reader: nat })
const withMessage = (act: 'deliver' | 'lose' | 'corrupt') =>
  fc.record({ act: fc.constant(act), message: fc.nat(5) })
const join = fc.record({
  act: fc.constant('join' as const),
  wire: fc.constantFrom<Wire>(...wires),
  from: fc.constantFrom('start' as const, 'foreign' as const, 'held' as const, 'held' as const),
  back: fc.integer({ min: -2, max: 20 }),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: change('publish') },
  { weight: 3, arbitrary: change('correct') },
  { weight: 2, arbitrary: change('withdraw') },
  { weight: 2, arbitrary: change('hold') },
  { weight: 2, arbitrary: change('resume') },
  { weight: 1, arbitrary: change('expire') },
  { weight: 1, arbitrary: change('pin') },
  { weight: 1, arbitrary: fc.constant({ act: 'fork' as const }) },
  { weight: 8, arbitrary: withMessage('deliver') },
  { weight: 2, arbitrary: withMessage('lose') },
  { weight: 1, arbitrary: withMessage('corrupt') },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('repeat' as const), seq: nat }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constantFrom('look', 'tail-check', 'turn', 'settle') }) },
  { weight: 2, arbitrary: fc.constant({ act: 'load' as const }) },
  { weight: 4, arbitrary: join },
  { weight: 3, arbitrary: withReader('block') },
  { weight: 3, arbitrary: withReader('drain') },
  { weight: 1, arbitrary: withReader('leave') },
  { weight: 1, arbitrary: withReader('return') },
)

describe('a gateway', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>
  beforeAll(async () => {
    opened = await openTestStore()
  })
  afterAll(() => opened.close())

  it('gives every reader the log without gaps and repeats, for any faults of the live channel, and counts its deliveries', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80 }), async (steps) => {
        const world = await World.create({ ...opened, keys: redisKeys(freshPrefix()) })
        try {
          for (const step of steps) await world.run(step)
          await world.end()
        } finally {
          world.close()
        }
      }),
      { numRuns: 120 },
    )
    // Otherwise no run has used the engine's normal path.
    expect(lanes.writes).toBeGreaterThan(30)
  }, 400_000)
})

/** A log with its writers, the network to one gateway, and the readers of this gateway. */
class World {
  readonly #store: Store
  readonly #hub: Hub
  readonly #source: FeedSource
  readonly #earlier: EarlierEvents
  /** Live messages that are published and not yet delivered. */
  readonly #messages: string[] = []
  readonly #sent: string[] = []
  readonly #lines: { id: string; version: number }[]
  /** All events that were ever in the log, as they were released. */
  readonly #truth = new Map<string, EventFrame>()
  readonly #readers: Reader[] = []

  private constructor(store: Store, hub: Hub, source: FeedSource, lines: { id: string; version: number }[]) {
    this.#store = store
    this.#hub = hub
    this.#source = source
    this.#earlier = new EarlierEvents('en', hub.log, store, EVENTS_PER_STEP)
    this.#lines = lines
  }

  static async create(store: Store): Promise<World> {
    const feed = await createTestFeed(store, { stripLimit: 5 })
    const lines = Array.from({ length: EVENTS_BEFORE }, () => ({ id: newId(), version: 1 }))
    for (const { id } of lines) await save(store, publish(id, `Line ${id}`))
    await releaseDue(store, 'en')
    const loaded = await loadFeed(store, 'en', FIRST_EVENTS)
    if (!loaded) throw new Error('no feed')
    const metrics = createMetrics()
    const options = {
      heartbeatMs: NEVER_MS,
      slowReaderMs: NEVER_MS,
      resumeEvents: HELD_EVENTS,
      resumeBytes: 1_000_000,
    }
    const hub = new Hub(feed, loaded, { options, metrics, now: Date.now, writer })
    const logger = pino({ level: 'silent' })
    const source = new FeedSource('en', hub, { store, resumeEvents: HELD_EVENTS, metrics, logger })
    const world = new World(store, hub, source, lines)
    for (const entry of await readAfter(store, 'en', 0, 1_000))
      world.#truth.set(eventOf(entry).position, eventOf(entry))
    return world
  }

  async run(step: Step): Promise<void> {
    switch (step.act) {
      case 'publish':
      case 'correct':
      case 'withdraw':
      case 'hold':
      case 'resume':
      case 'expire':
      case 'pin':
        for (let one = 0; one < step.burst; one++) await this.#change(step.act, step.line + one)
        return this.#release()
      case 'fork':
        return this.#fork()
      case 'deliver':
        this.#deliver(this.#taken(step.message))
        return
      case 'lose':
        this.#taken(step.message)
        return
      case 'corrupt':
        this.#deliver(corrupted(this.#taken(0), step.message))
        return
      case 'repeat':
        this.#deliver(this.#sent[step.seq % Math.max(1, this.#sent.length)])
        return
      case 'look':
        this.#deliver('look')
        return
      case 'tail-check':
        return this.#tailCheck()
      case 'turn':
        await new Promise((resume) => setImmediate(resume))
        return
      case 'settle':
        return this.#settled()
      case 'load':
        return this.#earlier.load()
      case 'join': {
        const place = this.#place(step.from, step.back)
        // Some readers come without waiting, as those for whom the reading takes too long.
        if (place && step.back % 3 !== 0) await this.#earlier.loadTo(place)
        this.#readers.push(new Reader(this.#hub, this.#truth, step.wire, place))
        return
      }
      default:
        this.#disturb(step)
        return
    }
  }

  /** Lets all readers receive everything; then each must have the whole log. */
  async end(): Promise<void> {
    await this.#tailCheck()
    await this.#settled()
    for (const reader of this.#readers) reader.drain()
    await this.#settled()
    await this.#earlier.loadAll()
    const loaded = await loadFeed(this.#store, 'en', HELD_EVENTS)
    if (!loaded) throw new Error('no feed')
    const strip = inOrder(stripOf(loaded.strip))
    expect(this.#hub.log.head).toEqual(loaded.head)
    expect(this.#hub.log.entries().map(({ seq, chain }) => ({ seq, chain }))).toEqual(
      loaded.entries.map(({ seq, chain }) => ({ seq, chain })),
    )
    expect(inOrder(this.#hub.log.strip)).toEqual(strip)
    for (const reader of this.#readers) {
      reader.check()
      if (reader.left) continue
      expect(reader.position).toMatchObject({ epoch: loaded.head.epoch, seq: loaded.head.seq })
      if (reader.strip) expect(inOrder(reader.strip)).toEqual(strip)
    }
    this.#checkReceipts()
  }

  /** The reported deliveries are equal to the events that the readers got. */
  #checkReceipts(): void {
    const received = new Map<string, number>()
    for (const { events } of this.#readers) {
      for (const position of events) received.set(position, (received.get(position) ?? 0) + 1)
    }
    const reported = this.#hub.deliveries
      .takeChanges()
      .map(({ position, times }) => [position, times.reduce((sum, [, count]) => sum + count, 0)] as const)
      .filter(([, count]) => count > 0)
    expect(new Map(reported)).toEqual(received)
  }

  close(): void {
    this.#hub.close()
  }

  async #change(act: Kind, line: number): Promise<void> {
    const target = this.#lines[line % Math.max(1, this.#lines.length)]
    if (act === 'publish' || !target) {
      const made = { id: newId(), version: 1 }
      this.#lines.push(made)
      await save(this.#store, publish(made.id, `Line ${made.id}`))
      return
    }
    const outcome = await save(this.#store, changeOf(act, target))
    if ('version' in outcome) target.version = outcome.version
  }

  /** Publishes released events as release-due.lua does. */
  async #release(): Promise<void> {
    const [head] = await readHeads(this.#store, ['en'])
    await releaseDue(this.#store, 'en')
    if (!head) throw new Error('no head')
    let before = head.chain
    for (const entry of await readAfter(this.#store, 'en', head.seq, 1_000)) {
      this.#messages.push(`${entry.seq} ${before} ${entry.chain} ${entry.json}`)
      this.#truth.set(eventOf(entry).position, eventOf(entry))
      before = entry.chain
    }
  }

  /** Simulates that Redis has lost events which readers have. */
  async #fork(): Promise<void> {
    const [head] = await readHeads(this.#store, ['en'])
    if (!head) throw new Error('no head')
    await releaseDue(this.#store, 'en', { ...head, seq: head.seq + 1 })
    this.#messages.push('look')
  }

  #taken(message: number): string | undefined {
    // Mostly the oldest message, as on a real network.
    const [taken] = this.#messages.splice(message > 2 ? message % Math.max(1, this.#messages.length) : 0, 1)
    if (taken !== undefined) this.#sent.push(taken)
    return taken
  }

  #deliver(message: string | undefined): void {
    if (message !== undefined) this.#source.onMessage(message)
  }

  async #tailCheck(): Promise<void> {
    const [head] = await readHeads(this.#store, ['en'])
    this.#source.onHead(head)
  }

  /** Settles when no read and no write is running. */
  async #settled(): Promise<void> {
    await this.#source.catchUp()
    await eventually('every reader has all events of the gateway', 20_000, () =>
      this.#readers.every((reader) => reader.left || reader.blocked || reader.holds(this.#hub)),
    )
  }

  #place(from: 'start' | 'foreign' | 'held', back: number): MarkedPosition | undefined {
    const { epoch, seq } = this.#hub.log.head
    if (from === 'start') return undefined
    return from === 'foreign' ? { epoch: 'zzzzzzzz', seq } : { epoch, seq: Math.max(0, seq - back) }
  }

  #disturb({ act, reader: number }: { act: 'block' | 'drain' | 'leave' | 'return'; reader: number }): void {
    const reader = this.#readers[number % Math.max(1, this.#readers.length)]
    if (!reader || (reader.left && act !== 'return')) return
    if (act === 'block') reader.block()
    else if (act === 'drain') reader.drain()
    else {
      reader.leave()
      if (act === 'return') this.#readers.push(reader.comeBack())
    }
  }
}

/** Number of writes so far that bypassed the stream. */
const lanes = { writes: 0 }

/** A stream that only receives the events of writes; no bytes are written to it. */
const pipe = new PassThrough()

/** A reader that checks every frame strictly; the test blocks and drains its connection. */
class Reader {
  readonly #hub: Hub
  readonly #truth: ReadonlyMap<string, EventFrame>
  readonly #wire: Wire
  readonly #after: MarkedPosition | undefined
  readonly #frames: Frame[] = []
  /** The events, with the head of the gateway at the moment at which each was sent. */
  readonly #sent: { frame: EventFrame; head: number }[] = []
  readonly #session: ReaderSession
  readonly #websocket: WsFrameParser
  #stream = ''
  /** The direct write to the handle. libuv keeps the bytes of a write that has to wait. */
  readonly #handle = {
    writeBuffer: (request: WriteRequest, bytes: Buffer): number => {
      expect(request.getAsyncId()).toBe(-1)
      expect(this.#waits).toBe(false)
      this.#waits = this.#full
      lanes.writes++
      this.#read(bytes)
      if (this.#full && request instanceof Request) request.asyncId = 1
      return 0
    },
  }
  #full = false
  /** A write has had to wait since the last drain. */
  #waits = false
  left = false
  position: MarkedPosition | undefined
  /** Undefined until the reader has received a whole strip. */
  strip: Strip | undefined

  /** `truth`: the released events, which grow. */
  constructor(
    hub: Hub,
    truth: ReadonlyMap<string, EventFrame>,
    wire: Wire,
    after: MarkedPosition | undefined,
    strip?: Strip,
  ) {
    this.#hub = hub
    this.#truth = truth
    this.#wire = wire
    this.#after = this.position = after
    this.strip = strip
    this.#websocket = new WsFrameParser({ deflated: wire === 'ws-deflate' })
    const connection: ReaderConnection = {
      wire,
      write: (bytes) => {
        this.#read(bytes)
        return !this.#full
      },
      isOpen: () => true,
      answersPings: () => true,
      end: () => undefined,
      ...(transportOf[wire] !== 'sse' && {
        writeHandle: () => this.#handle,
        finishWrite: (bytes) => writer.finishWrite(pipe, bytes),
      }),
    }
    this.#session = hub.join(connection, {}, after)
  }

  get blocked(): boolean {
    return this.#session.blocked()
  }

  /** Positions of the events that the reader got. */
  get events(): string[] {
    return this.#frames.flatMap((frame) => (frame.type === 'event' ? [frame.position] : []))
  }

  holds(hub: Hub): boolean {
    return this.#session.isAt(hub.log.head)
  }

  block(): void {
    this.#full = true
  }

  drain(): void {
    this.#full = this.#waits = false
    if (this.#session.blocked()) this.#hub.drained(this.#session)
  }

  leave(): void {
    this.left = true
    this.#hub.leave(this.#session)
  }

  comeBack(): Reader {
    this.check()
    return new Reader(this.#hub, this.#truth, this.#wire, this.position, this.strip)
  }

  /** Folds the received frames. Errors: when they are not a gapless part of the log. */
  check(): void {
    // An event must have the words that show at the moment at which it is sent, and no others.
    for (const { frame, head } of this.#sent.splice(0)) {
      const { mark: _, ...event } = frame
      expect(event).toEqual(asSent(this.#truth, frame, head))
    }
    let at = this.#after
    const [hello, ...frames] = this.#frames
    expect(hello?.type).toBe('hello')
    if (at === undefined) expect(frames[0]?.type).toBe('reset')
    for (const frame of frames) {
      const next = 'position' in frame ? cursorIn(frame) : undefined
      if (frame.type === 'reset') {
        this.strip = stripOf(frame.strip)
        at = next
      } else if (frame.type === 'event') {
        expect(next).toMatchObject({ epoch: at?.epoch, seq: (at?.seq ?? 0) + 1 })
        if (this.strip) this.strip = fold(this.strip, frame)
        at = next
      } else throw new Error(`unexpected frame of type ${frame.type}`)
    }
    this.position = at
    expect(this.#stream).toBe('')
    expect(this.#websocket.pending).toBe(0)
  }

  #read(bytes: Buffer): void {
    if (transportOf[this.#wire] !== 'sse') {
      for (const frame of this.#websocket.push(bytes)) {
        if (frame.kind !== 'text') throw new Error(`unexpected ${frame.kind} frame`)
        this.#take(JSON.parse(frame.text) as Frame)
      }
      return
    }
    this.#stream += this.#wire === 'sse-chunked' ? bodyOf(bytes) : bytes.toString()
    const blocks = this.#stream.split('\n\n')
    this.#stream = blocks.pop() ?? ''
    for (const block of blocks) {
      const read = /^(?:id: (?<id>\S+)\n)?data: (?<json>.*)$/.exec(block)
      const frame = JSON.parse(read?.groups?.json ?? '') as Frame
      const id = read?.groups?.id
      expect(id).toBe(
        'position' in frame && frame.type !== 'hello' ? withMark(frame.position, frame.mark) : undefined,
      )
      this.#take(frame)
    }
  }

  /** The gateway may have read an event before the test has: the words are compared in `check`. */
  #take(frame: Frame): void {
    if (frame.type === 'event') {
      expect(frame.mark).toMatch(markPattern)
      this.#sent.push({ frame, head: this.#hub.log.head.seq })
    }
    this.#frames.push(frame)
  }
}

/** The text of whole chunks of an HTTP/1.1 body. Errors: when a chunk does not end where its size says. */
function bodyOf(bytes: Buffer): string {
  if (bytes.length === 0) return ''
  const start = bytes.indexOf('\r\n') + 2
  const end = start + Number.parseInt(bytes.toString('latin1', 0, start), 16)
  expect(bytes.toString('latin1', end, end + 2)).toBe('\r\n')
  return bytes.toString('utf8', start, end) + bodyOf(bytes.subarray(end + 2))
}

/** The position and mark that a reader gives back. */
function cursorIn(frame: { position: string; mark?: string }): MarkedPosition | undefined {
  return parseMarkedPosition(withMark(frame.position, frame.mark))
}

function changeOf(act: Exclude<Kind, 'publish'>, { id, version }: { id: string; version: number }): Change {
  switch (act) {
    case 'correct':
      return correct(id, version, `Corrected ${version}`)
    case 'withdraw':
      return withdraw(id)
    case 'hold':
      return hold(id)
    case 'resume':
      return resume(id, version)
    case 'expire':
      return expire(id, version)
    case 'pin':
      return pin(id, version)
    default:
      return act satisfies never
  }
}

/**
 * The event at a position as a gateway sends it that holds the log up to `head`: without words if a later event has
 * taken the headline out or given it other words.
 */
function asSent(
  truth: ReadonlyMap<string, EventFrame>,
  { position }: EventFrame,
  head: number,
): EventFrame | undefined {
  const { epoch, seq } = parsePosition(position)!
  const released = truth.get(position)
  const { id } = released?.headline ?? {}
  for (let later = head; later > seq; later--) {
    const event = truth.get(`${epoch}:${later}`)
    if (released && event?.headline.id === id && event?.op !== 'pin')
      return withoutWords(released, event!.headline.status)
  }
  return released
}

function withoutWords({ headline, ...event }: EventFrame, now: Headline['status']): EventFrame {
  const { id, version, place, publishedAt, updatedAt } = headline
  const status = now === 'live' ? 'superseded' : now
  return { ...event, headline: { id, version, status, place, publishedAt, updatedAt } }
}

/** Damages a live message and keeps its seq, so that the gateway must find the damage in another way. */
function corrupted(message: string | undefined, way: number): string | undefined {
  if (message === undefined || message === 'look') return message
  if (way % 3 === 0) return message.slice(0, -7)
  if (way % 3 === 1) return message.replace('"place":', '"place":9')
  return message.replaceAll(/ ([0-9a-f]{40}) \{/g, ` ${'0'.repeat(40)} {`)
}
