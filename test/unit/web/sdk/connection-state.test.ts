import { describe, expect, it } from '@jest/globals'
import {
  ATTEMPT_GAP_MS,
  BACKOFF_BASE_MS,
  BETTER_EVERY_MS,
  BETTER_SOON_MS,
  FALLBACK_AFTER,
  HELLO_WAIT_MS,
  REFUSED_WAIT_MS,
  RETRY_AFTER_CAP_MS,
  STEADY_MS,
  decide,
  startOf,
  stateOf,
  wakeAt,
  type LinkEffect,
  type LinkEnd,
  type LinkInput,
  type LinkState,
} from '../../../../web/sdk/connection-state.ts'
import type { Frame } from '../../../../web/sdk/read-frame.ts'
import type { Headline, Tombstone } from '../../../../web/sdk/types.ts'

const EPOCH = 'aaaaaaaa'
const HEARTBEAT_MS = 5_000

describe('connecting', () => {
  it('asks for the whole strip first, and later for the events after its position', () => {
    const reader = new Reader()
    expect(reader.tick()).toBe('open')
    expect(reader.state.position).toBeUndefined()

    reader.hears(hello(), reset(3), event(4))
    reader.closes(1006)
    reader.wakes()

    expect(reader.state.position).toBe(`${EPOCH}:4`)
  })

  it('gives up a connection without a hello in time, and counts it as failed', () => {
    const reader = new Reader().connecting()

    reader.passes(HELLO_WAIT_MS - 1)
    expect(reader.tick()).toBeUndefined()
    reader.passes(1)
    expect(reader.tick()).toBe('drop')

    expect(reader.state).toMatchObject({ phase: 'waiting', failures: 1 })
  })

  it('ignores every frame before the hello', () => {
    const reader = new Reader().connecting()
    reader.hears(reset(3, line('a', 1)), event(4))
    expect(reader.state.phase).toBe('connecting')
    expect(reader.state.position).toBeUndefined()
    expect(reader.state.strip).toBeUndefined()
  })

  it.each([
    { hellos: [false], status: 'connecting' },
    { hellos: [false, false], status: 'connecting' },
    { hellos: [false, false, false], status: 'offline' },
    { hellos: [false, false, false, true], status: 'connecting' },
    { hellos: [false, true, false], status: 'connecting' },
  ])('is $status after attempts with hello $hellos', ({ hellos, status }) => {
    const reader = new Reader()
    for (const said of hellos) {
      reader.wakes()
      if (said) reader.hears(hello())
      reader.closes(1006)
    }
    expect(stateOf(reader.state)).toBe(status)
  })
})

describe('waiting between attempts', () => {
  it('is random below a limit that doubles up to the cap', () => {
    const waits = waitsOf(9, 0.999)
    const ceilings = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000]
    expect(waits.map(Math.round)).toEqual(ceilings.map((ceiling) => Math.round(ceiling * 0.999)))
  })

  it('keeps the least gap between attempts, even with the smallest random number', () => {
    expect(waitsOf(20, 0)).toEqual(Array(20).fill(ATTEMPT_GAP_MS))
  })

  it('grows also with a server that sends hello and closes', () => {
    const reader = new Reader(0.999)
    for (let n = 0; n < 10; n += 1) {
      reader.wakes()
      reader.hears(hello(), reset(0))
      reader.closes(1006)
    }
    expect(wakeAt(reader.state) - reader.now).toBeGreaterThan(14_000)
  })

  it('is short again after a connection that was open for long', () => {
    const reader = new Reader(0.999)
    for (let n = 0; n < 10; n += 1) {
      reader.wakes()
      reader.closes(1006)
    }
    reader.wakes()
    reader.hears(hello(), reset(0))
    reader.passes(STEADY_MS)
    reader.closes(1006)
    expect(wakeAt(reader.state) - reader.now).toBeLessThan(BACKOFF_BASE_MS)
  })

  it.each([
    { retryAfterMs: 7_000, soonest: 7_000 },
    { retryAfterMs: 86_400_000, soonest: RETRY_AFTER_CAP_MS },
  ])('lasts at least as long as a bye of $retryAfterMs ms asks', ({ retryAfterMs, soonest }) => {
    const reader = new Reader(0).live()
    expect(reader.hears({ type: 'bye', retryAfterMs })).toBe('drop')
    expect(wakeAt(reader.state)).toBe(reader.now + soonest)

    reader.nudged()
    expect(wakeAt(reader.state)).toBe(reader.now + soonest)
  })

  it.each([1002, 1006])('after a close with %i, as a reload of a proxy causes it, is short', (code) => {
    const reader = new Reader(0.999).live()
    reader.closes(code)
    expect(wakeAt(reader.state) - reader.now).toBeLessThanOrEqual(BACKOFF_BASE_MS)
    expect(reader.state.position).toBe(`${EPOCH}:3`)
  })

  it.each([1007, 1009, 4400, 4429])(
    'after a close with %i waits long and asks for the whole strip',
    (code) => {
      const reader = new Reader(0).live()
      reader.closes(code)
      expect(wakeAt(reader.state)).toBe(reader.now + REFUSED_WAIT_MS)
      expect(reader.state.position).toBeUndefined()
      expect(reader.state.strip?.size).toBe(1)
    },
  )

  it('lasts as long as the problem asks, and keeps the position', () => {
    const reader = new Reader(0).live()
    reader.ends({ httpStatus: 503, problem: 'server-busy', retryAfterMs: 3_000 })
    expect(wakeAt(reader.state)).toBe(reader.now + 3_000)
    expect(reader.state.position).toBe(`${EPOCH}:3`)
    expect(stateOf(reader.state)).toBe('connecting')
  })

  it('is long after a refusal, whose code the state has until a connection opens', () => {
    const reader = new Reader(0).connecting()
    reader.ends({ httpStatus: 404, problem: 'no-such-feed' })
    expect(stateOf(reader.state)).toBe('refused')
    expect(reader.state.refused).toBe('no-such-feed')
    expect(wakeAt(reader.state)).toBe(reader.now + REFUSED_WAIT_MS)
    reader.live()
    expect(stateOf(reader.state)).toBe('live')
  })

  it('is `offline` when the browser reports no network, and short when the network returns', () => {
    const reader = new Reader(0.999).live()
    expect(reader.takes({ type: 'offline' })).toBe('drop')
    expect(stateOf(reader.state)).toBe('offline')
    reader.passes(1_000)
    reader.nudged()
    expect(wakeAt(reader.state) - reader.now).toBeLessThan(BACKOFF_BASE_MS)
  })
})

describe('a ladder of transports', () => {
  it('goes to the next one after failed handshakes, and from the last to the first', () => {
    const reader = new Reader(0.5, 3)
    const rungs = Array.from({ length: 7 }, () => {
      reader.wakes()
      const { rung } = reader.state
      reader.ends({})
      return rung
    })
    expect(rungs).toEqual([0, 0, 1, 1, 2, 2, 0])
  })

  it.each([0, 1, 2, 3])(
    'goes to the next one at once if the network holds a stream back, after %i failures',
    (failures) => {
      const reader = new Reader(0.5, 3).connecting()
      reader.state = { ...reader.state, rung: 1, failures }
      reader.ends({ isHeld: true })
      expect(reader.state.rung).toBe(2)
      reader.live()
      expect(reader.state.rung).toBe(2)
    },
  )

  it('stays with a transport whose connections break after their hello', () => {
    const reader = new Reader(0.5, 3)
    for (let n = 0; n < 2 * FALLBACK_AFTER; n += 1) {
      reader.live()
      reader.ends({})
    }
    expect(reader.state.rung).toBe(0)
  })

  it('tries the best one again from its position, and if that fails returns to the working one for long', () => {
    const reader = new Reader(0.5, 3)
    for (let n = 0; n < 2 * FALLBACK_AFTER; n += 1) {
      reader.wakes()
      reader.ends({})
    }
    reader.live()
    expect(reader.state.rung).toBe(2)
    reader.stays(BETTER_SOON_MS)
    expect(reader.state).toMatchObject({ phase: 'waiting', rung: 0, position: `${EPOCH}:3` })

    reader.wakes()
    reader.ends({})
    reader.live()
    expect(reader.state.rung).toBe(2)
    reader.stays(BETTER_EVERY_MS - BETTER_SOON_MS)
    expect(reader.state.phase).toBe('open')
    reader.stays(BETTER_SOON_MS)
    reader.live()
    expect(reader.state.rung).toBe(0)
    reader.stays(2 * BETTER_EVERY_MS)
    expect(reader.state.phase).toBe('open')
  })
})

describe('a return of the network', () => {
  it('shortens a long wait', () => {
    const reader = new Reader(0.999)
    for (let n = 0; n < 10; n += 1) {
      reader.wakes()
      reader.closes(1006)
    }
    reader.passes(1_000)
    reader.nudged()
    expect(wakeAt(reader.state) - reader.now).toBeLessThan(BACKOFF_BASE_MS)
  })

  it('tries the best transport first, and the lesser one next', () => {
    const reader = new Reader(0.5, 3)
    for (let n = 0; n < FALLBACK_AFTER; n += 1) {
      reader.wakes()
      reader.ends({})
    }
    expect(reader.state.rung).toBe(1)
    reader.nudged()
    const rungs = Array.from({ length: 2 }, () => {
      reader.wakes()
      const { rung } = reader.state
      reader.ends({})
      return rung
    })
    expect(rungs).toEqual([0, 1])
  })

  it('does not take a lesser transport for one that works: the best one has another chance soon', () => {
    const reader = new Reader(0.5, 3)
    for (let n = 0; n < FALLBACK_AFTER; n += 1) {
      reader.wakes()
      reader.ends({})
    }
    reader.nudged()
    reader.wakes()
    reader.ends({})
    reader.live()
    expect(reader.state.rung).toBe(1)
    reader.stays(BETTER_SOON_MS)
    expect(reader.state).toMatchObject({ phase: 'waiting', rung: 0 })
  })

  it('takes one that has worked until now for the one to stay with', () => {
    const reader = new Reader(0.5, 3)
    for (let n = 0; n < FALLBACK_AFTER; n += 1) {
      reader.wakes()
      reader.ends({})
    }
    reader.live()
    reader.closes(1006)
    reader.nudged()
    reader.wakes()
    reader.ends({})
    reader.live()
    expect(reader.state.rung).toBe(1)
    reader.stays(BETTER_EVERY_MS / 2)
    expect(reader.state.phase).toBe('open')
  })

  it('does not keep a reader on a transport that fails each time', () => {
    const reader = new Reader(0.5, 3)
    for (let n = 0; n < FALLBACK_AFTER; n += 1) {
      reader.nudged()
      reader.wakes()
      reader.ends({})
    }
    expect(reader.state.rung).toBe(1)
  })

  it('that comes twice still leaves the lesser transport next', () => {
    const reader = new Reader(0.5, 3)
    for (let n = 0; n < 2 * FALLBACK_AFTER; n += 1) {
      reader.wakes()
      reader.ends({})
    }
    expect(reader.state.rung).toBe(2)
    reader.nudged()
    reader.nudged()
    reader.wakes()
    reader.ends({})
    expect(reader.state.rung).toBe(2)
  })

  it('never lengthens a wait', () => {
    const reader = new Reader(0.2).live()
    reader.closes(1006)
    const before = wakeAt(reader.state)
    reader.random = 0.9
    reader.nudged()
    expect(wakeAt(reader.state)).toBe(before)
  })

  it('a hundred times leads to one attempt only', () => {
    const reader = new Reader(0)
    reader.wakes()
    reader.closes(1006)
    let attempts = 0
    for (let n = 0; n < 100; n += 1) {
      reader.nudged()
      if (reader.tick() === 'open') attempts += 1
      reader.closes(1006)
      reader.passes(ATTEMPT_GAP_MS / 100)
    }
    expect(attempts).toBeLessThanOrEqual(1)
  })

  it('keeps a connection that is alive and drops a dead one', () => {
    const reader = new Reader().live()
    reader.passes(2 * HEARTBEAT_MS - 1)
    expect(reader.nudged()).toBeUndefined()
    reader.passes(1)
    expect(reader.nudged()).toBe('drop')
  })
})

describe('a reset in parts', () => {
  it('replaces the strip and the position when its last part is there', () => {
    const reader = new Reader().live()
    reader.hears({ ...reset(9, line('b', 9)), more: true })
    expect([...(reader.state.strip?.keys() ?? [])]).toEqual(['a'])
    expect(reader.state.position).toBe(`${EPOCH}:3`)
    reader.hears({ ...reset(9, line('c', 8)), more: true }, reset(9, line('d', 7)))
    expect([...(reader.state.strip?.keys() ?? [])]).toEqual(['b', 'c', 'd'])
    expect(reader.state.position).toBe(`${EPOCH}:9`)
    reader.hears(reset(10, line('e', 10)))
    expect([...(reader.state.strip?.keys() ?? [])]).toEqual(['e'])
  })

  it('that is cut leaves nothing behind', () => {
    const reader = new Reader().live()
    reader.hears({ ...reset(9, line('b', 9)), more: true })
    reader.closes(1006)
    reader.wakes()
    expect(reader.state.position).toBe(`${EPOCH}:3`)
    reader.hears(hello(), reset(9, line('c', 8)))
    expect([...(reader.state.strip?.keys() ?? [])]).toEqual(['c'])
  })
})

describe('an open connection', () => {
  it('shows that the newsroom has stopped the feed, and that it goes on', () => {
    const reader = new Reader().live()
    reader.hears({ ...head(3), frozen: true })
    expect(reader.state.newestHead?.frozen).toBe(true)
    expect(stateOf(reader.state)).toBe('live')
    reader.hears(head(3))
    expect(reader.state.newestHead?.frozen).toBe(false)
  })

  it('takes the feed of a head, and keeps it at a head without one', () => {
    const reader = new Reader().live()
    const feed = { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr', words: 2 } as const
    reader.hears({ ...head(3), feed })
    expect(reader.state.feed).toBe(feed)
    reader.hears(head(3))
    expect(reader.state.feed).toBe(feed)
  })

  it('is dead after two heartbeats of silence', () => {
    const reader = new Reader().live()
    reader.passes(2 * HEARTBEAT_MS - 1)
    expect(reader.tick()).toBeUndefined()
    reader.passes(1)
    expect(reader.tick()).toBe('drop')
    expect(reader.state.position).toBe(`${EPOCH}:3`)
  })

  it('takes a frame of an unknown type as a sign of life and nothing else', () => {
    const reader = new Reader().live()
    const { strip, position } = reader.state
    reader.passes(2 * HEARTBEAT_MS - 1)
    reader.hears({ type: 'unknown' })
    reader.passes(2 * HEARTBEAT_MS - 1)
    expect(reader.tick()).toBeUndefined()
    expect(reader.state).toMatchObject({ strip, position })
  })

  it('is live only once it holds the strip', () => {
    const reader = new Reader().connecting()
    reader.hears(hello())
    expect(stateOf(reader.state)).toBe('connecting')
    reader.hears(reset(0))
    expect(stateOf(reader.state)).toBe('live')
  })

  it('shows when the server may be behind, and when it no longer is', () => {
    const reader = new Reader().live()
    reader.hears({ ...head(3), stale: true })
    expect(stateOf(reader.state)).toBe('stale')
    reader.hears(head(3))
    expect(stateOf(reader.state)).toBe('live')
  })
})

describe('events', () => {
  it('fold into the strip in order', () => {
    const reader = new Reader().live()
    reader.hears(event(4, 'publish', line('b', 4)), event(5, 'withdraw', gone('a', 3)))
    expect([...(reader.state.strip?.keys() ?? [])]).toEqual(['b'])
    expect(reader.state.position).toBe(`${EPOCH}:5`)
  })

  it('are applied once, however often they come', () => {
    const reader = new Reader().live()
    reader.hears(event(4, 'publish', line('b', 4)), event(5, 'withdraw', gone('b', 4)))
    reader.hears(event(4, 'publish', line('b', 4)))
    expect(reader.state.strip?.has('b')).toBe(false)
    expect(reader.state.position).toBe(`${EPOCH}:5`)
  })

  it('after a gap are not applied: the reader resumes from its position, then asks for the whole strip', () => {
    const reader = new Reader().live()
    const { strip } = reader.state
    expect(reader.hears(event(5))).toBe('drop')
    expect(reader.state).toMatchObject({ phase: 'waiting', position: `${EPOCH}:3`, strip })

    reader.wakes()
    expect(reader.hears(hello(), event(5))).toBe('drop')
    expect(reader.state).toMatchObject({ position: undefined, strip })
  })

  it('of a filtered stream may leave out seqs', () => {
    const reader = new Reader(0.5, 1, true).live()
    reader.hears(event(7), head(9))
    expect(reader.state).toMatchObject({ phase: 'open', position: `${EPOCH}:9` })
  })

  it('that cannot be read make the reader ask for the whole strip; other unreadable frames are only counted', () => {
    const reader = new Reader().live()
    expect(reader.hears({ type: 'malformed', lost: false })).toBeUndefined()
    expect(reader.hears({ type: 'malformed', lost: true })).toBe('drop')
    expect(reader.state).toMatchObject({ malformed: 2, position: undefined })
    expect(reader.state.strip?.size).toBe(1)
  })

  it('that are still missing at the hello keep the reader from being live', () => {
    const reader = new Reader().live()
    reader.ends({})
    reader.wakes()
    reader.hears({ ...hello(), position: `${EPOCH}:5` }, event(4))
    expect(stateOf(reader.state)).toBe('connecting')
    reader.hears(event(5))
    expect(stateOf(reader.state)).toBe('live')
  })

  it('of another epoch are not applied without a reset', () => {
    const reader = new Reader().live()
    expect(reader.hears({ ...event(4), position: 'bbbbbbbb:4' })).toBe('drop')
    expect(reader.state.position).toBeUndefined()
  })

  it('of an unknown op remove the headline', () => {
    const reader = new Reader().live()
    // A newer server may send an op that this reader does not know.
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
    { headAt: `${EPOCH}:3`, position: `${EPOCH}:3`, phase: 'open' },
    { headAt: `${EPOCH}:2`, position: `${EPOCH}:3`, phase: 'open' },
    { headAt: `${EPOCH}:9`, position: `${EPOCH}:3`, phase: 'waiting' },
    { headAt: 'bbbbbbbb:9', position: undefined, phase: 'waiting' },
  ])('at $headAt leaves a reader $phase at $position', ({ headAt, position, phase }) => {
    const reader = new Reader().live()
    reader.hears({ ...head(0), position: headAt })
    expect(reader.state).toMatchObject({ position, phase })
  })
})

describe('a closed connection', () => {
  it('keeps its headlines and ignores further frames', () => {
    const reader = new Reader().live()
    reader.closes(1006)
    reader.hears(event(4, 'publish', line('b', 4)))
    reader.closes(1006)
    expect([...(reader.state.strip?.keys() ?? [])]).toEqual(['a'])
    expect(reader.state.unsteady).toBe(1)
  })
})

/** One reader with its own clock and fixed random numbers. */
class Reader {
  now = 1_000
  random: number
  state: LinkState

  constructor(random = 0.5, rungs = 1, filtered = false) {
    this.random = random
    this.state = startOf(this.now, { rungs, rung: 0, filtered })
  }

  connecting(): this {
    this.wakes()
    return this
  }

  /** An open connection with one headline `a` at position 3. */
  live(): this {
    this.connecting()
    this.hears(hello(), reset(3, line('a', 3)))
    return this
  }

  passes(ms: number): void {
    this.now += ms
  }

  wakes(): void {
    this.now = Math.max(this.now, wakeAt(this.state))
    expect(this.tick()).toBe('open')
  }

  tick(): LinkEffect | undefined {
    return this.takes({ type: 'tick' })
  }

  nudged(): LinkEffect | undefined {
    return this.takes({ type: 'online' })
  }

  /** Passes heads for so long. */
  stays(ms: number): void {
    for (let left = ms; left > 0 && this.state.phase === 'open'; left -= HEARTBEAT_MS) {
      this.hears(head(3))
      this.passes(HEARTBEAT_MS)
      this.tick()
    }
  }

  closes(code: number): void {
    this.ends({ code })
  }

  ends(end: LinkEnd): void {
    this.takes({ type: 'close', ...end })
  }

  hears(...frames: Frame[]): LinkEffect | undefined {
    return frames.map((frame) => this.takes(frame)).at(-1)
  }

  takes(input: LinkInput): LinkEffect | undefined {
    const [state, effect] = decide(this.state, input, this.now, this.random)
    this.state = state
    return effect
  }
}

function waitsOf(attempts: number, random: number): number[] {
  const reader = new Reader(random)
  return Array.from({ length: attempts }, () => {
    reader.wakes()
    reader.closes(1006)
    return wakeAt(reader.state) - reader.now
  })
}

function hello(): Extract<Frame, { type: 'hello' }> {
  const feed = { id: 'en', title: 'English', lang: 'en', dir: 'ltr' } as const
  const serverTime = Date.parse('2026-01-02T03:04:05.000Z')
  return {
    type: 'hello',
    stale: false,
    frozen: false,
    feed,
    position: `${EPOCH}:3`,
    heartbeatMs: HEARTBEAT_MS,
    serverTime,
  }
}

function reset(seq: number, ...strip: Headline[]): Extract<Frame, { type: 'reset' }> {
  return { type: 'reset', position: `${EPOCH}:${seq}`, strip, more: false }
}

function head(seq: number): Extract<Frame, { type: 'head' }> {
  return {
    type: 'head',
    position: `${EPOCH}:${seq}`,
    serverTime: Date.parse('2026-01-02T03:04:05.000Z'),
    stale: false,
    frozen: false,
  }
}

function event(
  seq: number,
  op: Extract<Frame, { type: 'event' }>['op'] = 'publish',
  headline: Headline | Tombstone = line(`line-${seq}`, seq),
): Extract<Frame, { type: 'event' }> {
  return { type: 'event', position: `${EPOCH}:${seq}`, op, at: '2026-01-02T03:04:05.000Z', headline }
}

const times = { publishedAt: '2026-01-02T03:04:05.000Z', updatedAt: '2026-01-02T03:04:05.000Z' }

function line(id: string, place: number): Headline {
  const content = { text: `Line ${id}`, urgency: 'bulletin', regions: [], tags: [] } as const
  return { id, version: 1, status: 'live', place, ...content, regions: [], tags: [], ...times }
}

function gone(id: string, place: number): Tombstone {
  return { id, version: 2, status: 'withdrawn', place, ...times }
}
