import { afterAll, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { eventOf, loadFeed, readAfter, readHeads } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { walkAudit } from '../../src/eventlog/audit/walk-audit.ts'
import { Subscriptions } from '../../src/fanout/subscriptions.ts'
import { SocketWriter } from '../../src/gateway/bytes/socket-writer.ts'
import { FeedSource } from '../../src/gateway/upstream/feed-source.ts'
import { Hub } from '../../src/gateway/readers/hub.ts'
import type { ReaderSession } from '../../src/gateway/readers/reader-session.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { feedTitle, type Feed } from '../../src/protocol/feed.ts'
import { fold, stripOf, type Strip } from '../../src/protocol/fold.ts'
import type { Frame, Page } from '../../src/protocol/frames.ts'
import { parseMarkedPosition, withMark, type MarkedPosition } from '../../src/protocol/position.ts'
import { healForks } from '../../workers/heal-forks.ts'
import { correct, newId, publish, save, withdraw } from '../support/changes.ts'
import { eventually } from '../support/eventually.ts'
import { createTestFeed, freshPrefix, openTestStore, testRedisUrl } from '../support/redis.ts'

const NEVER_MS = 100_000_000
const LIMIT_MS = 20_000
const RUNS = Number(process.env.PROPERTY_RUNS ?? 60)

/** A number selects one of the existing lines, copies or readers. */
type Step =
  | { act: 'publish' | 'correct' | 'withdraw'; line: number }
  | { act: 'copy' | 'fork' | 'start' | 'stop' | 'join' }
  | { act: 'restore'; copy: number; running: boolean }
  | { act: 'cut' | 'return' | 'poll'; reader: number }

const nat = fc.nat(20)
const plain = (act: 'copy' | 'fork' | 'start' | 'stop' | 'join') => fc.record({ act: fc.constant(act) })
const withLine = (act: 'publish' | 'correct' | 'withdraw') => fc.record({ act: fc.constant(act), line: nat })
const withReader = (act: 'cut' | 'return' | 'poll') => fc.record({ act: fc.constant(act), reader: nat })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: withLine('publish') },
  { weight: 2, arbitrary: withLine('correct') },
  { weight: 2, arbitrary: withLine('withdraw') },
  { weight: 3, arbitrary: plain('copy') },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant('restore' as const), copy: nat, running: fc.boolean() }),
  },
  { weight: 1, arbitrary: plain('fork') },
  { weight: 2, arbitrary: plain('start') },
  { weight: 1, arbitrary: plain('stop') },
  { weight: 3, arbitrary: plain('join') },
  { weight: 3, arbitrary: withReader('cut') },
  { weight: 4, arbitrary: withReader('return') },
  { weight: 2, arbitrary: withReader('poll') },
)

const publishes = (count: number): Step[] =>
  Array.from({ length: count }, () => ({ act: 'publish', line: 0 }))
/** The log of a copy goes beyond a reader's position, so that only the mark tells that it is another log. */
const older = (running: boolean, returns: 'return' | 'poll'): Step[] => [
  ...publishes(1),
  { act: 'copy' },
  ...publishes(2),
  { act: 'join' },
  { act: 'cut', reader: 0 },
  { act: 'restore', copy: 0, running },
  ...publishes(3),
  { act: 'start' },
  { act: returns, reader: 0 },
]
/** Tried in every run, before the random orders: these seldom bring all of this together. */
const examples: [Step[]][] = [[older(false, 'return')], [older(false, 'poll')], [older(true, 'return')]]

let opened: Awaited<ReturnType<typeof openTestStore>>
beforeAll(async () => {
  opened = await openTestStore()
})
afterAll(() => opened.close())

it(
  'leaves no reader with a line that the log does not have, or without one that it has, for any order of restores, forks and returns',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 50 }), async (steps) => {
        const world = await World.create({ ...opened, keys: redisKeys(freshPrefix()) })
        try {
          for (const step of steps) await world.run(step)
          await world.end()
        } finally {
          await world.close()
        }
      }),
      { numRuns: RUNS, examples },
    )
  },
  60_000 + RUNS * 1_000,
)

/** A feed whose data is copied and restored, a gateway that starts and stops, its readers, and a worker that hears it. */
class World {
  readonly #store: Store
  readonly #feed: Feed
  readonly #subscriber: Redis
  readonly #copies: Map<string, Buffer>[] = []
  readonly #readers: Reader[] = []
  #lines: { id: string; version: number }[] = []
  #gateway: { hub: Hub; source: FeedSource } | undefined

  private constructor(store: Store, feed: Feed, subscriber: Redis) {
    this.#store = store
    this.#feed = feed
    this.#subscriber = subscriber
  }

  static async create(store: Store): Promise<World> {
    const feed = await createTestFeed(store, { stripLimit: 6 })
    const subscriber = new Redis(testRedisUrl)
    const logger = pino({ level: 'silent' })
    const metrics = createMetrics()
    await healForks(
      { store, archive: () => undefined, logger, metrics },
      new Subscriptions(subscriber, { logger, metrics }),
    )
    const world = new World(store, feed, subscriber)
    await world.#start()
    return world
  }

  async run(step: Step): Promise<void> {
    switch (step.act) {
      case 'publish':
      case 'correct':
      case 'withdraw':
        return this.#change(step.act, step.line)
      case 'copy':
        this.#copies.push(await this.#copied())
        return
      case 'restore':
        return this.#restore(this.#copies[step.copy % Math.max(1, this.#copies.length)], step.running)
      case 'fork':
        return this.#fork()
      case 'start':
        return this.#start()
      case 'stop':
        this.#stop()
        return
      case 'join':
        return this.#connect(this.#newReader())
      case 'cut':
        this.#reader(step.reader)?.cut()
        return
      case 'return':
        return this.#connect(this.#reader(step.reader))
      case 'poll':
        return this.#poll(this.#reader(step.reader))
      default:
        return step satisfies never
    }
  }

  /** All readers come back and get everything; then each must show the fold of the log. */
  async end(): Promise<void> {
    await this.#start()
    for (const reader of this.#readers) await this.#connect(reader)
    await eventually('the gateway and its readers are in step with the log', LIMIT_MS, async () => {
      await this.#gateway?.source.catchUp()
      const [head] = await readHeads(this.#store, ['en'])
      const hub = this.#gateway?.hub
      return hub?.log.head.chain === head?.chain && this.#readers.every((reader) => hub && reader.isAt(hub))
    })
    const log = await readAfter(this.#store, 'en', 0, 10_000)
    const strip = log.map(eventOf).reduce(fold, stripOf([]))
    for (const reader of this.#readers) expect(textsOf(reader.strip)).toEqual(textsOf(strip))
    const { fault } = await walkAudit(this.#store, 'en')
    expect(fault).toBeUndefined()
  }

  async close(): Promise<void> {
    this.#stop()
    this.#subscriber.disconnect()
    const keys = await this.#keys()
    if (keys.length > 0) await this.#store.redis.del(keys)
  }

  async #change(act: 'publish' | 'correct' | 'withdraw', line: number): Promise<void> {
    const target = this.#lines[line % Math.max(1, this.#lines.length)]
    if (act === 'publish' || !target) {
      const made = { id: newId(), version: 1 }
      this.#lines.push(made)
      await save(this.#store, publish(made.id, `Line ${made.id}`))
    } else {
      // A line that a restore has lost is refused.
      const change = act === 'correct' ? correct(target.id, target.version, 'Corrected') : withdraw(target.id)
      const outcome = await save(this.#store, change)
      if ('version' in outcome) target.version = outcome.version
    }
    await releaseDue(this.#store, 'en')
    await this.#gateway?.source.catchUp()
  }

  async #copied(): Promise<Map<string, Buffer>> {
    const copy = new Map<string, Buffer>()
    for (const key of await this.#keys()) copy.set(key, await this.#store.redis.dumpBuffer(key))
    return copy
  }

  /** `running`: the gateway holds on to what it has, as in a failover; otherwise no gateway sees the older data. */
  async #restore(copy: Map<string, Buffer> | undefined, running: boolean): Promise<void> {
    if (!copy) return
    if (!running) this.#stop()
    const { redis } = this.#store
    const emptied = redis.multi().del(await this.#keys())
    for (const [key, dump] of copy) emptied.restore(key, 0, dump)
    await emptied.exec()
    if (running) await this.#gateway?.source.catchUp()
  }

  /** Redis has lost events that some gateway held. */
  async #fork(): Promise<void> {
    const [head] = await readHeads(this.#store, ['en'])
    if (head) await releaseDue(this.#store, 'en', { ...head, seq: head.seq + 1 })
    await this.#gateway?.source.catchUp()
  }

  async #start(): Promise<void> {
    if (this.#gateway) return
    const loaded = await loadFeed(this.#store, 'en', 1_000)
    if (!loaded) throw new Error('no feed')
    const metrics = createMetrics()
    const options = {
      heartbeatMs: NEVER_MS,
      slowReaderMs: NEVER_MS,
      resumeEvents: 1_000,
      resumeBytes: 10_000_000,
    }
    const hub = new Hub(feedTitle(this.#feed), loaded, {
      options,
      metrics,
      now: Date.now,
      writer: new SocketWriter(),
    })
    const logger = pino({ level: 'silent' })
    const source = new FeedSource('en', hub, { store: this.#store, resumeEvents: 1_000, metrics, logger })
    this.#gateway = { hub, source }
  }

  #stop(): void {
    for (const reader of this.#readers) reader.cut()
    this.#gateway?.hub.close()
    this.#gateway = undefined
  }

  #newReader(): Reader {
    const reader = new Reader()
    this.#readers.push(reader)
    return reader
  }

  #reader(number: number): Reader | undefined {
    return this.#readers[number % Math.max(1, this.#readers.length)]
  }

  /** As the gateway's routes do: catch up with a reader that is ahead, look at its mark, then serve it. */
  async #connect(reader: Reader | undefined): Promise<void> {
    const gateway = this.#gateway
    if (!gateway || !reader || reader.connected) return
    await this.#meet(gateway, reader)
    reader.connect(gateway.hub)
  }

  async #poll(reader: Reader | undefined): Promise<void> {
    const gateway = this.#gateway
    if (!gateway || !reader || reader.connected) return
    await this.#meet(gateway, reader)
    reader.takePage(JSON.parse(gateway.hub.view({}).page(reader.cursor, 500).json) as Page)
  }

  async #meet({ hub, source }: { hub: Hub; source: FeedSource }, { cursor }: Reader): Promise<void> {
    if (cursor && cursor.seq > hub.log.head.seq) await source.catchUp()
    source.examine(cursor)
  }

  #keys(): Promise<string[]> {
    return this.#store.redis.keys(`${this.#store.keys.feeds.replace(/:feeds$/, '')}:*`)
  }
}

/** A reader that keeps its strip and its position with the mark, and gives both back. */
class Reader {
  cursor: MarkedPosition | undefined
  strip: Strip = new Map()
  #session: { hub: Hub; session: ReaderSession } | undefined

  get connected(): boolean {
    return this.#session !== undefined
  }

  isAt(hub: Hub): boolean {
    return this.#session?.session.isAt(hub.log.head) === true
  }

  connect(hub: Hub): void {
    const take = (bytes: Buffer): boolean => {
      for (const [, json = ''] of bytes.toString().matchAll(/^data: (.*)$/gm))
        this.#take(JSON.parse(json) as Frame)
      return true
    }
    const session = hub.join(
      { wire: 'sse', write: take, isOpen: () => true, answersPings: () => true, end: () => undefined },
      {},
      this.cursor,
    )
    this.#session = { hub, session }
  }

  cut(): void {
    this.#session?.hub.leave(this.#session.session)
    this.#session = undefined
  }

  takePage({ reset, events, ...page }: Page): void {
    if (reset) this.#take(reset)
    for (const event of events) this.#take(event)
    this.#moveTo(page)
  }

  #take(frame: Frame): void {
    if (frame.type === 'reset') this.strip = stripOf(frame.strip)
    else if (frame.type === 'event') {
      const next = parseMarkedPosition(frame.position)
      expect(next).toEqual({ epoch: this.cursor?.epoch, seq: (this.cursor?.seq ?? 0) + 1 })
      this.strip = fold(this.strip, frame)
    } else return
    this.#moveTo(frame)
  }

  #moveTo({ position, mark }: { position: string; mark?: string }): void {
    expect(mark).toBeDefined()
    this.cursor = parseMarkedPosition(withMark(position, mark))
  }
}

function textsOf(strip: Strip): string[] {
  return [...strip.values()].map(({ id, version, text }) => `${id} ${version} ${text}`).sort()
}
