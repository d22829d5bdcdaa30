import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { setImmediate } from 'node:timers/promises'
import { SocketWriter } from '../../src/gateway/bytes/socket-writer.ts'
import { Hub } from '../../src/gateway/readers/hub.ts'
import type { ReaderConnection, ReaderSession } from '../../src/gateway/readers/reader-session.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { acknowledgedOps } from '../../src/protocol/ack.ts'
import type { Op } from '../../src/protocol/lists/ops.ts'
import type { Position } from '../../src/protocol/position.ts'

const NEVER_MS = 100_000_000
/** Fewer than the events of a run, so that some readers are too late to resume. */
const HELD_EVENTS = 12
const ops = ['publish', 'correct', 'hold', 'resume', 'withdraw'] as const

const pick = fc.nat(20)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant('release' as const), op: fc.constantFrom(...ops) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('fork' as const), back: fc.nat(3) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('join' as const),
      from: fc.constantFrom('start' as const, 'foreign' as const, 'held' as const),
      back: fc.integer({ min: -2, max: 15 }),
      acks: fc.constantFrom(true, true, true, false),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constant('ack' as const),
      reader: pick,
      back: fc.integer({ min: -3, max: 8 }),
      isForeign: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constantFrom('stall', 'flow', 'leave', 'return'), reader: pick }),
  },
  { weight: 3, arbitrary: fc.constant({ act: 'turn' as const }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

it('counts the screens that were asked, have cleared, have left and have returned, for any history', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const world = new World()
      try {
        for (const each of steps) await world.run(each)
        world.check()
      } finally {
        world.close()
      }
    }),
    { numRuns: 500 },
  )
})

/** The result of one question to one reader about one event. */
interface Question {
  readonly reader: Reader
  readonly returned: boolean
  fate: 'open' | 'cleared' | 'left'
}

interface Event {
  readonly seq: number
  readonly epoch: string
  readonly op: Op
  /** One entry for each question; the gateway has only sums. */
  readonly questions: Question[]
  silent: number
}

/** One gateway without a network, and an oracle that records each question to each reader. */
class World {
  #epoch = 0
  readonly #hub: Hub
  readonly #events: Event[] = []
  readonly #readers: Reader[] = []

  constructor() {
    const options = {
      heartbeatMs: NEVER_MS,
      slowReaderMs: NEVER_MS,
      resumeEvents: HELD_EVENTS,
      resumeBytes: 1_000_000,
    }
    const title = { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' } as const
    this.#hub = new Hub(title, loadedAt(this.#name, 0), {
      options,
      metrics: createMetrics(),
      now: () => 0,
      writer: new SocketWriter(),
    })
  }

  close(): void {
    this.#hub.close()
  }

  async run(each: Step): Promise<void> {
    switch (each.act) {
      case 'release': {
        this.#release(each.op)
        return
      }
      case 'fork': {
        const from = Math.max(0, this.#head - each.back)
        this.#epoch++
        this.#hub.replace(loadedAt(this.#name, from))
        return
      }
      case 'turn': {
        for (let turn = 0; turn < 4; turn++) await setImmediate()
        return
      }
      case 'join': {
        const seq = Math.max(0, this.#head - each.back)
        const epoch = each.from === 'foreign' ? 'zzzzzzzz' : this.#name
        this.#join(each.from === 'start' ? undefined : { epoch, seq }, each.acks)
        return
      }
      default: {
        const reader = this.#readers[each.reader % Math.max(1, this.#readers.length)]
        if (reader) this.#disturb(reader, each)
      }
    }
  }

  /** Compares the gateway's sums with the recorded questions. */
  check(): void {
    const reported = new Map(
      this.#hub.deliveries.takeChanges().map(({ position, screens }) => [position, screens]),
    )
    for (const { epoch, seq, op, questions, silent } of this.#events) {
      const screens = reported.get(`${epoch}:${seq}`)
      const count = (fits: (question: Question) => boolean) => questions.filter(fits).length
      expect(screens).toEqual(
        acknowledgedOps.has(op)
          ? {
              asked: questions.length,
              cleared: count(({ fate }) => fate === 'cleared'),
              left: count(({ fate }) => fate === 'left'),
              returned: count(({ returned }) => returned),
              silent,
            }
          : undefined,
      )
    }
  }

  get #name(): string {
    return `aaaaaaa${this.#epoch.toString(36)}`.slice(-8)
  }

  get #head(): number {
    return this.#hub.log.head.seq
  }

  #disturb(reader: Reader, each: Exclude<Step, { act: 'release' | 'fork' | 'join' | 'turn' }>): void {
    if (reader.left) return
    switch (each.act) {
      case 'ack': {
        this.#ack(reader, Math.max(0, this.#head - each.back), each.isForeign)
        return
      }
      case 'stall':
        reader.full = true
        return
      case 'flow':
        reader.full = false
        this.#hub.drained(reader.session)
        return
      default: {
        const at = reader.position(this.#hub)
        this.#leave(reader)
        if (each.act === 'return') this.#join(at, reader.acks)
      }
    }
  }

  #release(op: Op): void {
    const seq = this.#head + 1
    const epoch = this.#name
    const present = this.#readers.filter(({ left }) => !left)
    const [asked, silent] = [true, false].map((acks) => present.filter((reader) => reader.acks === acks))
    const questions = asked!.map((reader): Question => ({ reader, returned: false, fate: 'open' }))
    this.#events.push({ seq, epoch, op, questions, silent: silent!.length })
    this.#hub.append(entryOf(epoch, seq, op))
  }

  #join(after: Position | undefined, acks: boolean): void {
    const reader = new Reader(this.#hub, after, acks)
    this.#readers.push(reader)
    if (!acks || !after) return
    for (const { epoch, seq, questions } of this.#events) {
      // The gateway no longer counts events that left its memory.
      if (epoch !== this.#name || (after.epoch === epoch && seq <= after.seq)) continue
      questions.push({ reader, returned: true, fate: 'open' })
    }
  }

  #leave(reader: Reader): void {
    reader.left = true
    this.#hub.leave(reader.session)
    this.#settle(reader, 'left', () => true)
  }

  #ack(reader: Reader, seq: number, isForeign: boolean): void {
    const position = { epoch: isForeign ? 'zzzzzzzz' : this.#name, seq }
    const isTrue = reader.session.hasReceived(position)
    this.#hub.acknowledgements.acked(reader.session, position)
    if (isTrue && !isForeign) this.#settle(reader, 'cleared', (event) => event.seq <= seq)
  }

  /** The gateway no longer counts events of an ended epoch. */
  #settle(reader: Reader, fate: 'cleared' | 'left', fits: (event: Event) => boolean): void {
    for (const event of this.#events) {
      if (event.epoch !== this.#name || !fits(event)) continue
      for (const question of event.questions)
        if (question.reader === reader && question.fate === 'open') question.fate = fate
    }
  }
}

class Reader implements ReaderConnection {
  readonly wire = 'ws'
  readonly session: ReaderSession
  readonly acks: boolean
  full = false
  left = false

  constructor(hub: Hub, after: Position | undefined, acks: boolean) {
    this.acks = acks
    this.session = hub.join(this, {}, after, acks)
  }

  /** The position from which the reader would resume: the last one that it got. */
  position({ log: { head } }: Hub): Position {
    for (let { seq } = head; seq > 0; seq--)
      if (this.session.hasReceived({ epoch: head.epoch, seq })) return { epoch: head.epoch, seq }
    return { epoch: 'zzzzzzzz', seq: 0 }
  }

  write(): boolean {
    return !this.full
  }

  isOpen(): boolean {
    return true
  }

  answersPings(): boolean {
    return true
  }

  end(): void {
    // This test never closes a reader from the server.
  }
}

function entryOf(epoch: string, seq: number, op: Op) {
  const at = new Date(0).toISOString()
  const headline = {
    ...{ id: String(seq).padStart(22, 'x'), version: 1, status: 'live', place: seq, publishedAt: at },
    ...{ updatedAt: at, text: 'Line', urgency: 'bulletin', regions: [], tags: [] },
  }
  const json = JSON.stringify({ type: 'event', position: `${epoch}:${seq}`, op, at, headline })
  return { seq, chain: '', json }
}

function loadedAt(epoch: string, seq: number) {
  return { head: { epoch, seq, chain: '' }, frozen: false, strip: [], entries: [], chains: new Map() }
}
