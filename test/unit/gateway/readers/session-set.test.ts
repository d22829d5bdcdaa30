import { describe, expect, it } from '@jest/globals'
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

/** A set of sessions with no more than the fields that a walk reads. */
function setOfSessions(): SessionSet {
  const set = new SessionSet()
  for (let session = 0; session < SESSIONS; session++)
    set.add({ index: -1, prefetch: () => true } as unknown as ReaderSession)
  return set
}
