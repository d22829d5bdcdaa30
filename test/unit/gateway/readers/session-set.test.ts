import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { setImmediate } from 'node:timers/promises'
import { SessionSet } from '../../../../src/gateway/readers/session-set.ts'
import type { ReaderSession } from '../../../../src/gateway/readers/reader-session.ts'

const SETS = 30
const SESSIONS = 640
const VISIT_MS = 0.02

describe('walks that run at the same time', () => {
  it('share the time before the event loop gets its turn, and all of them finish', async () => {
    let visits = 0
    let walking = SETS
    const visit = () => {
      visits++
      const until = performance.now() + VISIT_MS
      while (performance.now() < until);
    }
    const walks = Array.from({ length: SETS }, () =>
      setOfSessions()
        .walk(visit)
        .finally(() => walking--),
    )

    const turns: number[] = []
    while (walking > 0) {
      const before = visits
      await setImmediate()
      turns.push(visits - before)
    }
    await Promise.all(walks)

    expect(visits).toBe(SETS * SESSIONS)
    // One walk alone may visit 200 in its 4 ms; each of many takes a few dozen, and not 200 either.
    expect(Math.max(...turns)).toBeLessThan(SETS * 100)
  })
})

describe('a set of sessions', () => {
  it('knows its members, in whatever order they come and go', () => {
    const set = new SessionSet()
    const [a, b, c] = [session(), session(), session()]
    for (const one of [a, b, c]) set.add(one)
    expect([a, b, c].map(({ index }) => index)).toEqual([0, 1, 2])
    set.delete(a)
    expect([a, b, c].map((one) => set.has(one))).toEqual([false, true, true])
    expect(set.all()).toEqual([c, b])
    expect([c.index, b.index]).toEqual([0, 1])
    set.delete(b)
    expect(set.all()).toEqual([c])
    expect(b.index).toBe(-1)
    set.delete(c)
    expect([set.size, c.index]).toEqual([0, -1])
    set.add(a)
    expect(set.all()).toEqual([a])
  })
})

describe('a walk', () => {
  afterEach(() => {
    jest.restoreAllMocks()
  })

  /** The clock goes on by 1 ms with each look at it. */
  function tick() {
    let now = 0
    return jest.spyOn(performance, 'now').mockImplementation(() => now++)
  }

  it('visits each session once, prefetches what it reads, and tells the end of each slice', async () => {
    tick()
    const steps: string[] = []
    const set = new SessionSet()
    for (let n = 0; n < 200; n++) set.add(session(() => steps.push('prefetch')))
    await set.walk(
      () => steps.push('visit'),
      () => steps.push('slice'),
    )
    const batch = (size: number) => [
      ...Array<string>(size).fill('prefetch'),
      ...Array<string>(size).fill('visit'),
    ]
    // 4 ms are over at the fifth look: the first batch of a slice goes without one.
    const first = Array.from({ length: 5 }, () => batch(32)).flat()
    expect(steps).toEqual([...first, 'slice', ...batch(32), ...batch(8), 'slice'])
  })

  it('of nobody ends at once, and tells so', async () => {
    let slices = 0
    await new SessionSet().walk(
      () => undefined,
      () => slices++,
    )
    expect(slices).toBe(1)
  })

  it('visits who takes the place of one that goes, and nobody twice', async () => {
    tick()
    const set = new SessionSet()
    const all = Array.from({ length: 300 }, () => session())
    for (const one of all) set.add(one)
    const visited: ReaderSession[] = []
    const walking = set.walk((one) => visited.push(one))
    const done = visited.length
    expect(done).toBe(160)
    // In front of the walk, behind it, at its place, and the last one.
    for (const at of [0, done - 1, done, 200]) set.delete(all[at]!)
    set.delete(set.all().at(-1)!)
    await walking
    expect(new Set(visited).size).toBe(visited.length)
    for (const one of set.all()) expect(visited).toContain(one)
    expect(visited.slice(done)).not.toContain(all[200])
  })

  it('does not visit again who was visited and moves', async () => {
    tick()
    const set = new SessionSet()
    const all = Array.from({ length: 170 }, () => session())
    for (const one of all) set.add(one)
    const visited: ReaderSession[] = []
    const walking = set.walk((one) => visited.push(one))
    // Only visited ones are left, and the last of them takes the place of the first.
    while (set.size > 160) set.delete(all[set.size - 1]!)
    set.delete(all[0]!)
    await walking
    expect(visited).toHaveLength(160)
  })

  it('that has ended visits nobody any more, and leaves the stretch to others', async () => {
    tick()
    const set = new SessionSet()
    const all = Array.from({ length: 200 }, () => session())
    for (const one of all) set.add(one)
    let visits = 0
    const visit = () => visits++
    for (let walk = 0; walk < 3; walk++) await set.walk(visit)
    expect(visits).toBe(600)
    set.delete(all[0]!)
    expect(visits).toBe(600)
    const again = set.walk(visit)
    expect(visits).toBe(760)
    await again
  })

  it('visits the one session behind it that takes the place of one in front', async () => {
    tick()
    const set = new SessionSet()
    const all = Array.from({ length: 161 }, () => session())
    for (const one of all) set.add(one)
    const visited: ReaderSession[] = []
    const walking = set.walk((one) => visited.push(one))
    expect(visited).toHaveLength(160)
    set.delete(all[0]!)
    await walking
    expect(visited).toContain(all[160])
  })

  it('that has ended does not visit who comes later and moves', async () => {
    const set = new SessionSet()
    const [first, second] = [session(), session()]
    set.add(first)
    let visits = 0
    await set.walk(() => visits++)
    set.add(second)
    set.delete(first)
    expect(visits).toBe(1)
  })

  it('visits who came while it was under way', async () => {
    tick()
    const set = new SessionSet()
    for (let n = 0; n < 200; n++) set.add(session())
    let visits = 0
    const walking = set.walk(() => visits++)
    set.add(session())
    await walking
    expect(visits).toBe(201)
  })
})

function session(prefetch: () => unknown = () => undefined): ReaderSession {
  const told = () => {
    prefetch()
    return true
  }
  return { index: -1, prefetch: told } as unknown as ReaderSession
}

/** A set of sessions with no more than the fields that a walk reads. */
function setOfSessions(): SessionSet {
  const set = new SessionSet()
  for (let session = 0; session < SESSIONS; session++)
    set.add({ index: -1, prefetch: () => true } as unknown as ReaderSession)
  return set
}
