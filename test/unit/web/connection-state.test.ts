import { describe, expect, it } from '@jest/globals'
import type { Frame } from '../../../src/protocol/frames.ts'
import type { Headline, LiveHeadline } from '../../../src/protocol/headline.ts'
import {
  decide,
  limits,
  startOf,
  statusOf,
  type ConnectionInput,
  type ConnectionState,
  type Decision,
} from '../../../web/page/connection-state.ts'

const EPOCH = 'aaaaaaaa'
const HEARTBEAT_MS = 5_000

describe('connecting', () => {
  it('asks for the whole strip first, and then for what follows its position', () => {
    const reader = new Reader()
    expect(reader.tick()).toBe('connect')
    expect(reader.state.position).toBeUndefined()

    reader.hears(hello(), reset(3), event(4))
    reader.closes(1006)
    reader.wakes()

    expect(reader.state.position).toBe(`${EPOCH}:4`)
  })

  it('gives up a connection that says no hello in time, and counts it as refused', () => {
    const reader = new Reader().connecting()

    reader.passes(limits.helloWaitMs - 1)
    expect(reader.tick()).toBeUndefined()
    reader.passes(1)
    expect(reader.tick()).toBe('disconnect')

    expect(reader.state).toMatchObject({ phase: 'waiting', refusals: 1 })
  })

  it('believes nothing before the hello', () => {
    const reader = new Reader().connecting()
    reader.hears(reset(3, line('a', 1)), event(4))
    expect(reader.state).toMatchObject({ phase: 'connecting', position: undefined, strip: undefined })
  })

  it.each([
    { hellos: [false], status: 'connecting' },
    { hellos: [false, false], status: 'offline' },
    { hellos: [false, false, true], status: 'connecting' },
    { hellos: [false, true, false], status: 'connecting' },
  ])('is $status after attempts with hello $hellos', ({ hellos, status }) => {
    const reader = new Reader()
    for (const said of hellos) {
      reader.wakes()
      if (said) reader.hears(hello())
      reader.closes(1006)
    }
    expect(statusOf(reader.state)).toBe(status)
  })
})

describe('waiting between attempts', () => {
  it('draws the wait from a ceiling that doubles up to the cap', () => {
    const waits = waitsOf(9, 0.999)
    const ceilings = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000]
    expect(waits.map(Math.round)).toEqual(ceilings.map((ceiling) => Math.round(ceiling * 0.999)))
  })

  it('never attempts more often than the gap allows, even on the smallest draw', () => {
    expect(waitsOf(20, 0)).toEqual(Array(20).fill(limits.attemptGapMs))
  })

  it('does not hammer a server that says hello and closes', () => {
    const reader = new Reader(0.999)
    for (let n = 0; n < 10; n += 1) {
      reader.wakes()
      reader.hears(hello(), reset(0))
      reader.closes(1006)
    }
    expect(reader.state.wakeAt - reader.now).toBeGreaterThan(14_000)
  })

  it('starts with short waits again after a connection that held', () => {
    const reader = new Reader(0.999)
    for (let n = 0; n < 10; n += 1) {
      reader.wakes()
      reader.closes(1006)
    }
    reader.wakes()
    reader.hears(hello(), reset(0))
    reader.passes(limits.steadyMs)
    reader.closes(1006)
    expect(reader.state.wakeAt - reader.now).toBeLessThan(limits.backoffBaseMs)
  })

  it.each([
    { retryAfterMs: 7_000, soonest: 7_000 },
    { retryAfterMs: 86_400_000, soonest: limits.retryAfterCapMs },
  ])('comes back no sooner than a bye of $retryAfterMs ms says', ({ retryAfterMs, soonest }) => {
    const reader = new Reader(0).live()
    expect(reader.hears({ type: 'bye', reason: 'draining', retryAfterMs })).toBe('disconnect')
    expect(reader.state.wakeAt).toBe(reader.now + soonest)

    reader.nudged()
    expect(reader.state.wakeAt).toBe(reader.now + soonest)
  })

  it.each([1002, 1007, 1009, 4400])(
    'after a close with %i waits long and asks for the whole strip',
    (code) => {
      const reader = new Reader(0).live()
      reader.closes(code)
      expect(reader.state.wakeAt).toBe(reader.now + limits.rejectedWaitMs)
      expect(reader.state.position).toBeUndefined()
      expect(reader.state.strip?.size).toBe(1)
    },
  )

  it('waits after a close for flooding, and keeps its position', () => {
    const reader = new Reader(0).live()
    reader.closes(4429)
    expect(reader.state.wakeAt).toBe(reader.now + limits.floodingWaitMs)
    expect(reader.state.position).toBe(`${EPOCH}:3`)
  })
})

describe('a nudge', () => {
  it('shortens a long wait', () => {
    const reader = new Reader(0.999)
    for (let n = 0; n < 10; n += 1) {
      reader.wakes()
      reader.closes(1006)
    }
    reader.passes(1_000)
    reader.nudged()
    expect(reader.state.wakeAt - reader.now).toBeLessThan(limits.backoffBaseMs)
  })

  it('never lengthens a wait', () => {
    const reader = new Reader(0.2).live()
    reader.closes(1006)
    const { wakeAt } = reader.state
    reader.random = 0.9
    reader.nudged()
    expect(reader.state.wakeAt).toBe(wakeAt)
  })

  it('cannot be used to hammer: a hundred of them are one attempt', () => {
    const reader = new Reader(0)
    reader.wakes()
    reader.closes(1006)
    let attempts = 0
    for (let n = 0; n < 100; n += 1) {
      reader.nudged()
      if (reader.tick() === 'connect') attempts += 1
      reader.closes(1006)
      reader.passes(limits.attemptGapMs / 100)
    }
    expect(attempts).toBeLessThanOrEqual(1)
  })

  it('leaves a living connection alone and drops a dead one', () => {
    const reader = new Reader().live()
    reader.passes(2 * HEARTBEAT_MS - 1)
    expect(reader.nudged()).toBeUndefined()
    reader.passes(1)
    expect(reader.nudged()).toBe('disconnect')
  })
})

describe('an open connection', () => {
  it('is dead after two heartbeats of silence', () => {
    const reader = new Reader().live()
    reader.passes(2 * HEARTBEAT_MS - 1)
    expect(reader.tick()).toBeUndefined()
    reader.passes(1)
    expect(reader.tick()).toBe('disconnect')
    expect(reader.state.position).toBe(`${EPOCH}:3`)
  })

  it('takes a frame of an unknown type as a sign of life and nothing else', () => {
    const reader = new Reader().live()
    const { strip, position } = reader.state
    reader.passes(2 * HEARTBEAT_MS - 1)
    reader.takes({ kind: 'frame', frame: undefined })
    reader.passes(2 * HEARTBEAT_MS - 1)
    expect(reader.tick()).toBeUndefined()
    expect(reader.state).toMatchObject({ strip, position })
  })

  it('is live only once it holds the strip', () => {
    const reader = new Reader().connecting()
    reader.hears(hello())
    expect(statusOf(reader.state)).toBe('connecting')
    reader.hears(reset(0))
    expect(statusOf(reader.state)).toBe('live')
  })

  it('says when the server may be behind, and when it no longer is', () => {
    const reader = new Reader().live()
    reader.hears({ ...head(3), stale: true })
    expect(statusOf(reader.state)).toBe('stale')
    reader.hears(head(3))
    expect(statusOf(reader.state)).toBe('live')
  })

  it('knows that the newsroom has stopped the feed, and that it goes on', () => {
    const reader = new Reader().live()
    reader.hears({ ...head(3), frozen: true })
    expect(reader.state.frozen).toBe(true)
    expect(statusOf(reader.state)).toBe('live')
    reader.hears(head(3))
    expect(reader.state.frozen).toBe(false)
  })
})

describe('events', () => {
  it('fold into the strip in order', () => {
    const reader = new Reader().live()
    reader.hears(event(4, 'publish', line('b', 4)), event(5, 'withdraw', gone('a', 3)))
    expect([...(reader.state.strip?.keys() ?? [])]).toEqual(['b'])
    expect(reader.state.position).toBe(`${EPOCH}:5`)
  })

  it('are taken once, however often they come', () => {
    const reader = new Reader().live()
    reader.hears(event(4, 'publish', line('b', 4)), event(5, 'withdraw', gone('b', 4)))
    reader.hears(event(4, 'publish', line('b', 4)))
    expect(reader.state.strip?.has('b')).toBe(false)
    expect(reader.state.position).toBe(`${EPOCH}:5`)
  })

  it('with a hole before them are not taken: the reader comes back for the whole strip', () => {
    const reader = new Reader().live()
    const { strip } = reader.state
    expect(reader.hears(event(5))).toBe('disconnect')
    expect(reader.state).toMatchObject({ phase: 'waiting', position: undefined, strip })
  })

  it('of another history are not taken without a reset', () => {
    const reader = new Reader().live()
    expect(reader.hears({ ...event(4), position: 'bbbbbbbb:4' })).toBe('disconnect')
    expect(reader.state.position).toBeUndefined()
  })

  it('of an unknown op take the line away', () => {
    const reader = new Reader().live()
    // A reader of today meets an op of tomorrow.
    reader.hears(event(4, 'celebrate' as 'publish', line('a', 3)))
    expect(reader.state.strip?.size).toBe(0)
    expect(reader.state.position).toBe(`${EPOCH}:4`)
  })

  it('are replaced by a reset as a whole', () => {
    const reader = new Reader().live()
    reader.hears({ ...reset(1, line('z', 1)), position: 'bbbbbbbb:1' })
    expect([...(reader.state.strip?.keys() ?? [])]).toEqual(['z'])
    expect(reader.state.position).toBe('bbbbbbbb:1')
  })
})

describe('a head', () => {
  it.each([
    { told: `${EPOCH}:9`, position: `${EPOCH}:9` },
    { told: `${EPOCH}:2`, position: `${EPOCH}:3` },
    { told: 'bbbbbbbb:9', position: `${EPOCH}:3` },
  ])('of $told leaves the reader at $position', ({ told, position }) => {
    const reader = new Reader().live()
    reader.hears({ ...head(0), position: told })
    expect(reader.state.position).toBe(position)
  })
})

describe('a closed connection', () => {
  it('keeps its lines and hears nothing more', () => {
    const reader = new Reader().live()
    reader.closes(1006)
    reader.hears(event(4, 'publish', line('b', 4)))
    reader.closes(1006)
    expect([...(reader.state.strip?.keys() ?? [])]).toEqual(['a'])
    expect(reader.state.unsteady).toBe(1)
  })
})

/** One reader with its own clock and fixed draws. */
class Reader {
  now = 1_000
  random: number
  state: ConnectionState

  constructor(random = 0.5) {
    this.random = random
    this.state = startOf(this.now)
  }

  connecting(): this {
    this.wakes()
    return this
  }

  /** Open, with one line `a` at position 3. */
  live(): this {
    this.connecting()
    this.hears(hello(), reset(3, line('a', 3)))
    return this
  }

  passes(ms: number): void {
    this.now += ms
  }

  wakes(): void {
    this.now = Math.max(this.now, this.state.wakeAt)
    expect(this.tick()).toBe('connect')
  }

  tick(): Decision['effect'] {
    return this.takes({ kind: 'tick' })
  }

  nudged(): Decision['effect'] {
    return this.takes({ kind: 'nudge' })
  }

  closes(code: number): void {
    this.takes({ kind: 'closed', code })
  }

  hears(...frames: Frame[]): Decision['effect'] {
    return frames.map((frame) => this.takes({ kind: 'frame', frame })).at(-1)
  }

  takes(input: ConnectionInput): Decision['effect'] {
    const { state, effect } = decide(this.state, input, this.now, this.random)
    this.state = state
    return effect
  }
}

function waitsOf(attempts: number, random: number): number[] {
  const reader = new Reader(random)
  return Array.from({ length: attempts }, () => {
    reader.wakes()
    reader.closes(1006)
    return reader.state.wakeAt - reader.now
  })
}

function hello(): Frame {
  const feed = { id: 'en', title: 'English', lang: 'en', dir: 'ltr' } as const
  const serverTime = '2026-01-02T03:04:05.000Z'
  return { type: 'hello', protocol: 1, feed, position: `${EPOCH}:3`, heartbeatMs: HEARTBEAT_MS, serverTime }
}

function reset(seq: number, ...strip: LiveHeadline[]): Extract<Frame, { type: 'reset' }> {
  return { type: 'reset', reason: 'start', position: `${EPOCH}:${seq}`, strip }
}

function head(seq: number): Extract<Frame, { type: 'head' }> {
  return { type: 'head', position: `${EPOCH}:${seq}`, serverTime: '2026-01-02T03:04:05.000Z' }
}

function event(
  seq: number,
  op: Extract<Frame, { type: 'event' }>['op'] = 'publish',
  headline: Headline = line(`line-${seq}`, seq),
): Extract<Frame, { type: 'event' }> {
  return { type: 'event', position: `${EPOCH}:${seq}`, op, at: '2026-01-02T03:04:05.000Z', headline }
}

const times = { publishedAt: '2026-01-02T03:04:05.000Z', updatedAt: '2026-01-02T03:04:05.000Z' }

function line(id: string, place: number): LiveHeadline {
  const content = { text: `Line ${id}`, urgency: 'bulletin', regions: [], tags: [] } as const
  return { id, version: 1, status: 'live', place, ...content, regions: [], tags: [], ...times }
}

function gone(id: string, place: number): Headline {
  return { id, version: 2, status: 'withdrawn', place, ...times }
}
