import { beforeEach, describe, expect, it } from '@jest/globals'
import { createClient } from '../../../../web/sdk/create-client.ts'
import type { Connection } from '../../../../web/sdk/types.ts'

const at = '2026-01-02T03:04:05.000Z'
const known = { id: 'line', version: 1, place: 1, publishedAt: at, updatedAt: at }
const line = { ...known, status: 'live', text: 'A', urgency: 'flash', regions: [], tags: [] }
const hello = {
  type: 'hello',
  protocol: 1,
  position: 'aaaaaaaa:1',
  heartbeatMs: 15_000,
  serverTime: at,
  feed: { id: 'en', title: 'English', lang: 'en', dir: 'ltr' },
}
const reset = (position = 'aaaaaaaa:1') => ({ type: 'reset', reason: 'start', position, strip: [line] })
const event = (seq: number, op: string) => ({
  ...{ type: 'event', position: `aaaaaaaa:${seq}`, op, at },
  headline: { ...known, status: op === 'correct' ? 'held' : 'withdrawn' },
})
const ack = (seq: number) => JSON.stringify({ type: 'ack', position: `aaaaaaaa:${seq}` })

/** The tests' clock: time passes only here. */
let now: number
let draw: number
let lastTimer = 0
let timers: Map<number, { at: number; ring: () => void }>
let sockets: FakeSocket[]
let reader: Connection
beforeEach(() => {
  now = 0
  draw = 0.5
  timers = new Map()
  sockets = []
})

describe('a reader', () => {
  it.each([
    ['publish', 0],
    ['correct', 1],
    ['hold', 1],
    ['resume', 0],
    ['withdraw', 1],
    ['expire', 0],
    ['pin', 0],
    ['unpin', 0],
    ['leave', 1],
    // Operations of a newer server: what they clear is not known.
    ['celebrate', 0],
    ['halt', 0],
    ['link', 0],
    ['warn', 0],
  ])('acknowledges a %s %i times', (op, times) => {
    follow().say(event(2, op))
    passes(5_000)
    expect(latest().said).toEqual(Array(times).fill(ack(2)))
  })

  it('acknowledges after all of its listeners were called', () => {
    const socket = follow()
    const sentAtCall: number[] = []
    for (let listener = 0; listener < 3; listener++)
      reader.on('strip', () => sentAtCall.push(socket.said.length))
    reader.on('event', () => sentAtCall.push(socket.said.length))
    draw = 0
    socket.say(event(2, 'withdraw'))
    expect(sentAtCall).toEqual([0, 0, 0, 0])
    expect(socket.said).toEqual([])
    passes(250)
    expect(socket.said).toEqual([ack(2)])
  })

  it.each([
    [0, 250],
    [0.5, 750],
    [0.999, 1_249],
  ])('waits a random time: %d makes %i ms', (drawn, waitMs) => {
    draw = drawn
    const socket = follow()
    socket.say(event(2, 'withdraw'))
    passes(waitMs - 1)
    expect(socket.said).toEqual([])
    passes(1)
    expect(socket.said).toEqual([ack(2)])
  })

  it('acknowledges several events together, by the newest position', () => {
    const socket = follow()
    socket.say(event(2, 'withdraw'), event(3, 'correct'), event(4, 'publish'))
    passes(5_000)
    expect(socket.said).toEqual([ack(4)])
    for (let seq = 5; seq < 105; seq++) {
      socket.say(event(seq, 'correct'))
      passes(100)
    }
    expect(socket.said.length).toBeLessThanOrEqual(14)
    passes(5_000)
    expect(socket.said.at(-1)).toBe(ack(104))
  })

  it('sends no acknowledgement to a server that has not announced to accept them', () => {
    const socket = follow({})
    socket.say(event(2, 'withdraw'))
    passes(20_000)
    expect(socket.said).toEqual([])
  })

  it('does not acknowledge its first strip, but a strip that replaces it', () => {
    const socket = follow()
    passes(5_000)
    expect(socket.said).toEqual([])
    socket.say(reset('aaaaaaaa:9'))
    passes(5_000)
    expect(socket.said).toEqual([ack(9)])
  })

  it('announces acknowledgements, and resumes before the first unacknowledged event', () => {
    const socket = follow()
    expect(socket.asked.get('acks')).toBe('1')
    expect(socket.asked.has('after')).toBe(false)
    socket.say(event(2, 'publish'), event(3, 'withdraw'), event(4, 'publish'))
    socket.end()
    passes(2_000)
    const again = latest()
    expect(again).not.toBe(socket)
    expect(again.asked.get('after')).toBe('aaaaaaaa:2')
    passes(3_000)
    // Before the hello the acknowledgement would be lost.
    expect(again.said).toEqual([])
    again.say({ ...hello, position: 'aaaaaaaa:4', acks: true })
    again.say(event(3, 'withdraw'), event(4, 'publish'))
    passes(2_000)
    expect([socket.said, again.said]).toEqual([[], [ack(4)]])
    again.end()
    passes(2_000)
    expect(latest().asked.get('after')).toBe('aaaaaaaa:4')
  })

  it('sends a waiting acknowledgement before it closes', () => {
    const socket = follow()
    socket.say(event(2, 'withdraw'))
    reader.close()
    expect(socket.said).toEqual([ack(2)])
    passes(5_000)
    expect(socket.said).toEqual([ack(2)])
    expect(timers.size).toBe(0)
  })
})

function follow(takes: object = { acks: true }): FakeSocket {
  const connect = createClient({
    now: () => now,
    wallClock: () => now,
    random: () => draw,
    setTimeout: (ring, waitMs) => {
      timers.set(++lastTimer, { at: now + waitMs, ring })
      return lastTimer
    },
    clearTimeout: (timer) => void timers.delete(timer),
    WebSocket: class extends FakeSocket {
      constructor(url: string) {
        super(url)
        sockets.push(this)
      }
    },
    isHidden: () => false,
  })
  reader = connect({ url: 'http://news.example', feed: 'en' })
  passes(1)
  const socket = latest()
  socket.say({ ...hello, ...takes }, reset())
  return socket
}

function latest(): FakeSocket {
  const socket = sockets.at(-1)
  if (!socket) throw new Error('nothing was dialled')
  return socket
}

function passes(ms: number): void {
  const until = now + ms
  for (;;) {
    const [next] = [...timers].sort(([, a], [, b]) => a.at - b.at)
    if (!next || next[1].at > until) break
    timers.delete(next[0])
    now = Math.max(now, next[1].at)
    next[1].ring()
  }
  now = until
}

class FakeSocket {
  readonly asked: URLSearchParams
  readonly said: string[] = []
  onmessage: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  onerror: ((event: never) => void) | null = null

  constructor(url: string) {
    this.asked = new URL(url).searchParams
  }

  send(text: string): void {
    this.said.push(text)
  }

  close(): void {
    this.onmessage = null
  }

  say(...frames: object[]): void {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) } as never)
  }

  end(): void {
    this.onclose?.({ type: 'close', code: 1006 } as never)
  }
}
