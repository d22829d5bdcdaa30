import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fold, stripOf, type Strip } from '../../src/protocol/fold.ts'
import type { EventFrame } from '../../src/protocol/frames.ts'
import type { Op } from '../../src/protocol/lists/ops.ts'
import type { Headline } from '../../src/protocol/headline.ts'
import { parsePosition } from '../../src/protocol/position.ts'
import { createClient } from '../../web/sdk/create-client.ts'
import type { FeedEvent } from '../../web/sdk/types.ts'

const HEARTBEAT_MS = 5_000
const HEAL_MS = 300_000
const AT = '2026-01-02T03:04:05.000Z'

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('change' as const),
      line: fc.nat(5),
      kind: fc.constantFrom('gone', 'shown', 'shown', 'held', 'pin'),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constantFrom(
        'cut',
        'stall',
        'flow',
        'lose',
        'repeat',
        'garble',
        'surprise',
        'bye',
        'block',
        'unblock',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constantFrom('offline', 'online', 'hide', 'return', 'forget', 'fork') }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('wait' as const), ms: fc.nat(20_000) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

describe('a reader', () => {
  it('ends with the strip of the server, in order, and never shows a withdrawn headline, for any faults of the network', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 5, maxLength: 60 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (steps, draws) => {
          const world = new World(() => Number(draws.next().value))
          for (const each of steps) world.run(each)
          world.heal()
          expect(world.faults).toEqual([])
          expect(world.shown()).toEqual(world.truth())
          expect(world.hasSaidAll()).toBe(true)
        },
      ),
      { numRuns: 400 },
    )
  })
})

/** A feed, the network and one reader, with a simulated clock. */
class World {
  now = 0
  readonly faults: unknown[] = []
  readonly #timers = new Map<number, { at: number; ring: () => void }>()
  #lastTimer = 0
  /** Histories by epoch; only the last one gets new events. */
  readonly #logs = new Map<string, EventFrame[]>([['aaaaaaa0', []]])
  #epoch = 'aaaaaaa0'
  #earliest = 0
  readonly #sockets = new Set<FakeSocket>()
  readonly #window = new Map<string, (event: { readonly type: string }) => void>()
  #isBlocked = false
  #isHidden = false
  readonly reader: ReturnType<ReturnType<typeof createClient>>
  #heard: string | undefined
  #acked: string | undefined
  #toAck: string | undefined

  constructor(random: () => number) {
    const dialled = (socket: FakeSocket): void => this.#dialled(socket)
    const connect = createClient({
      now: () => this.now,
      wallClock: () => this.now,
      random,
      setTimeout: (ring, waitMs) => {
        this.#timers.set(++this.#lastTimer, { at: this.now + Math.max(0, waitMs), ring })
        return this.#lastTimer
      },
      clearTimeout: (timer) => void this.#timers.delete(timer),
      // One transport is enough: the state machine is the same for all.
      fetch: () => Promise.reject(new Error('blocked')),
      WebSocket: class extends FakeSocket {
        constructor(url: string) {
          super(url)
          dialled(this)
        }
      },
      addEventListener: (type, listener) =>
        void this.#window.set(type, listener as (event: { readonly type: string }) => void),
      isHidden: () => this.#isHidden,
    })
    this.reader = connect({ url: 'http://news.example', feed: 'en' })
    this.reader.on('event', (event) => this.#watch(() => this.#hears(event)))
    this.reader.on('strip', () => this.#watch(() => this.#check()))
  }

  run(each: Step): void {
    switch (each.act) {
      case 'change': {
        this.#change(each.line, each.kind)
        return
      }
      case 'wait': {
        this.#pass(each.ms)
        return
      }
      case 'fork': {
        this.#fork()
        return
      }
      case 'forget':
        this.#earliest = this.#log.length
        return
      case 'block':
      case 'unblock':
        this.#isBlocked = each.act === 'block'
        return
      case 'online':
      case 'offline': {
        this.#tellWindow(each.act)
        return
      }
      case 'hide':
      case 'return':
        this.#isHidden = each.act === 'hide'
        {
          this.#tellWindow('visibilitychange')
          return
        }
      default:
        for (const socket of [...this.#sockets]) this.#spoil(socket, each.act)
    }
  }

  heal(): void {
    this.#isBlocked = false
    this.#isHidden = false
    for (const socket of this.#sockets) socket.flow()
    this.#tellWindow('online')
    this.#pass(HEAL_MS)
    expect(this.reader.status.state).toBe('live')
  }

  #tellWindow(type: string): void {
    this.#window.get(type)?.({ type })
  }

  shown(): { id: string }[] {
    return [...(this.reader.strip ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  truth(): { id: string }[] {
    return [...this.#foldTo(this.#log, this.#log.length).values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  get #log(): EventFrame[] {
    return this.#logs.get(this.#epoch) ?? []
  }

  get #head(): string {
    return `${this.#epoch}:${this.#log.length}`
  }

  #foldTo(log: readonly EventFrame[], seq: number): Strip {
    return log.slice(0, seq).reduce<Strip>(fold, stripOf([]))
  }

  /** Collects errors here, because the client catches errors of its listeners. */
  #watch(look: () => void): void {
    try {
      look()
    } catch (error) {
      this.faults.push(error)
    }
  }

  /** No withdrawn headline shows, and no live headline is missing. */
  #check(): void {
    const { position, strip = [] } = this.reader
    const { epoch, seq } = parsePosition(position ?? '') ?? { epoch: '', seq: 0 }
    const log = this.#logs.get(epoch)
    if (!log) return
    const then = this.#foldTo(log, seq)
    for (const line of strip) expect(then.get(line.id)?.version).toBe(line.version)
    const shown = new Set(strip.map(({ id }) => id))
    const missing = [...then.keys()].filter((id) => !shown.has(id))
    for (const id of missing) expect(log.slice(seq).some((event) => event.headline.id === id)).toBe(true)
  }

  #hears({ position, op }: FeedEvent): void {
    const [epoch, seq] = position.split(':')
    const [heardEpoch, heardSeq] = this.#heard?.split(':') ?? []
    if (epoch === heardEpoch) expect(Number(seq)).toBeGreaterThan(Number(heardSeq))
    expect(this.reader.position).toBe(position)
    this.#heard = position
    if (['correct', 'hold', 'withdraw'].includes(op)) this.#toAck = position
  }

  /** The last event that had to clear the screen is acknowledged, by its own or a later position. */
  hasSaidAll(): boolean {
    const [epoch, seq] = this.#toAck?.split(':') ?? []
    const [ackedEpoch, ackedSeq] = this.#acked?.split(':') ?? []
    return seq === undefined || ackedEpoch !== epoch || Number(ackedSeq) >= Number(seq)
  }

  /** The reader acknowledges only the position that it shows. */
  #isTold(text: string): void {
    expect(JSON.parse(text)).toEqual({ type: 'ack', position: this.reader.position })
    this.#acked = this.reader.position
  }

  #change(line: number, kind: 'gone' | 'shown' | 'held' | 'pin'): void {
    const id = `line-${line}`
    const versions = this.#log.filter((event) => event.headline.id === id)
    const isWithdrawn = versions.at(-1)?.op === 'withdraw'
    if (isWithdrawn) return
    const place = versions[0]?.headline.place ?? this.#log.length + 1
    const known = { id, version: versions.length + 1, place, publishedAt: AT, updatedAt: AT }
    const now = versions.at(-1)?.headline
    const [op, headline] = changed(known, now, kind)
    this.#log.push({
      type: 'event',
      position: `${this.#epoch}:${this.#log.length + 1}`,
      op,
      at: AT,
      headline,
    })
    for (const socket of this.#sockets) this.#catchUp(socket)
  }

  /** The storage has lost its last events. */
  #fork(): void {
    const kept = this.#log.slice(0, Math.ceil(this.#log.length / 2))
    this.#epoch = `aaaaaaa${this.#logs.size}`
    const moved = kept.map((event, n) => ({ ...event, position: `${this.#epoch}:${n + 1}` }))
    this.#logs.set(this.#epoch, moved)
    this.#earliest = 0
    for (const socket of this.#sockets) this.#catchUp(socket)
  }

  #dialled(socket: FakeSocket): void {
    if (this.#isBlocked) {
      this.#after(10, () => socket.end(1006))
      return
    }
    this.#sockets.add(socket)
    socket.onClosed = () => this.#sockets.delete(socket)
    socket.onSaid = (text) => this.#watch(() => this.#isTold(text))
    this.#after(5, () => {
      const hello = {
        type: 'hello',
        protocol: 1,
        heartbeatMs: HEARTBEAT_MS,
        serverTime: AT,
        position: this.#head,
        acks: true,
      }
      socket.say({ ...hello, feed: { id: 'en', title: 'English', lang: 'en', dir: 'ltr' } })
      this.#catchUp(socket)
      this.#beat(socket)
    })
    socket.cursor = new URL(socket.url).searchParams.get('after') ?? undefined
  }

  #catchUp(socket: FakeSocket): void {
    if (!socket.isSpeaking) return
    const { epoch, seq } = parsePosition(socket.cursor ?? '') ?? { epoch: '', seq: 0 }
    if (epoch !== this.#epoch || seq > this.#log.length || seq < this.#earliest) {
      const strip = [...this.#foldTo(this.#log, this.#log.length).values()]
      socket.say({ type: 'reset', reason: 'range', position: this.#head, strip })
    } else for (const event of this.#log.slice(seq)) socket.say({ ...this.#redacted(event) })
    socket.cursor = this.#head
  }

  /** The event as a gateway replays it: earlier events of a headline have lost the words that do not show any more. */
  #redacted(event: EventFrame): EventFrame {
    const ofHeadline = this.#log.filter(({ headline }) => headline.id === event.headline.id)
    const words = ofHeadline.findLast(({ op }) => op !== 'pin')
    if (!words || ofHeadline.indexOf(event) >= ofHeadline.indexOf(words)) return event
    const { id, version, place, publishedAt, updatedAt } = event.headline
    const status = words.headline.status === 'live' ? 'superseded' : words.headline.status
    return { ...event, headline: { id, version, place, publishedAt, updatedAt, status } }
  }

  #beat(socket: FakeSocket): void {
    this.#after(HEARTBEAT_MS, () => {
      if (!this.#sockets.has(socket)) return
      socket.say({ type: 'head', position: this.#head, serverTime: AT })
      this.#beat(socket)
    })
  }

  #spoil(socket: FakeSocket, act: Exclude<Step['act'], 'change'>): void {
    switch (act) {
      case 'cut': {
        socket.end(1006)
        return
      }
      case 'stall':
        socket.isStalled = true
        return
      case 'flow': {
        socket.flow()
        return
      }
      case 'lose':
        socket.losesNext = true
        return
      case 'repeat': {
        socket.repeat()
        return
      }
      case 'garble': {
        socket.hear('{"type":"event","position":')
        return
      }
      case 'surprise': {
        socket.say({ type: 'surprise' })
        return
      }
      case 'bye':
        socket.say({ type: 'bye', reason: 'draining', retryAfterMs: 2_000 })
        {
          socket.end(1001)
          return
        }
      default:
    }
  }

  #after(ms: number, ring: () => void): void {
    this.#timers.set(++this.#lastTimer, { at: this.now + ms, ring })
  }

  #pass(ms: number): void {
    const until = this.now + ms
    for (;;) {
      const [next] = [...this.#timers].sort(([, a], [, b]) => a.at - b.at)
      if (!next || next[1].at > until) break
      this.#timers.delete(next[0])
      this.now = Math.max(this.now, next[1].at)
      next[1].ring()
    }
    this.now = until
  }
}

type Known = Pick<Headline, 'id' | 'version' | 'place' | 'publishedAt' | 'updatedAt'>

/** A change of a headline as the newsroom makes it: only a line that shows is held or pinned. */
function changed(
  known: Known,
  now: Headline | undefined,
  kind: 'gone' | 'shown' | 'held' | 'pin',
): readonly [Op, Headline] {
  if (now && kind === 'gone') return ['withdraw', { ...known, status: 'withdrawn' }]
  if (now?.status === 'live' && kind === 'held') return ['hold', { ...known, status: 'held' }]
  if (now?.status === 'live' && kind === 'pin') return ['pin', { ...now, ...known, pinned: true }]
  const op = !now ? 'publish' : now.status === 'held' ? 'resume' : 'correct'
  const text = `Text ${known.version}`
  return [op, { ...known, status: 'live', text, urgency: 'flash', regions: [], tags: [] }]
}

/** A fake WebSocket; the server side is in this file. */
class FakeSocket {
  readonly url: string
  onmessage: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  onerror: ((event: never) => void) | null = null
  onClosed: () => void = () => undefined
  cursor: string | undefined
  isSpeaking = false
  isStalled = false
  losesNext = false
  readonly #waiting: string[] = []
  #last: string | undefined

  constructor(url: string) {
    this.url = url
  }

  onSaid: (text: string) => void = () => undefined

  send(text: string): void {
    this.onSaid(text)
  }

  close(): void {
    this.onClosed()
  }

  say(frame: { readonly type: string; readonly [field: string]: unknown }): void {
    this.isSpeaking = true
    if (this.losesNext && frame.type === 'event') this.losesNext = false
    else this.hear(JSON.stringify(frame))
  }

  /** A repeated frame follows directly, because a connection keeps its order. */
  repeat(): void {
    if (this.#last !== undefined && !this.isStalled) this.hear(this.#last)
  }

  hear(text: string): void {
    if (this.isStalled) this.#waiting.push(text)
    else {
      this.#last = text
      this.onmessage?.({ data: text } as never)
    }
  }

  flow(): void {
    this.isStalled = false
    for (const text of this.#waiting.splice(0)) this.hear(text)
  }

  end(code: number): void {
    this.onClosed()
    this.onclose?.({ type: 'close', code } as never)
  }
}
