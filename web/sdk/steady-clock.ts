/**
 * A clock that never goes back, and that runs while the computer sleeps: `performance.now()` may stop during sleep, and
 * `Date.now()` jumps when the clock is set.
 */
export function steadyClock(monotonic: () => number, wall: () => number): () => number {
  let sleptMs = 0
  let aheadMs = wall() - monotonic()
  return () => {
    const now = monotonic()
    const nowAheadMs = wall() - now
    sleptMs += Math.max(0, nowAheadMs - aheadMs)
    aheadMs = nowAheadMs
    return now + sleptMs
  }
}
