/**
 * A clock that never goes back, and that runs while the computer sleeps: `performance.now()` may stop during sleep, and
 * `Date.now()` jumps when the clock is set.
 */
export function steadyClock(monotonic: () => number, wall: () => number): () => number {
  let elapsedMs = 0
  let [monotonicBefore, wallBefore] = [monotonic(), wall()]
  return () => {
    const [monotonicNow, wallNow] = [monotonic(), wall()]
    elapsedMs += Math.max(monotonicNow - monotonicBefore, wallNow - wallBefore)
    monotonicBefore = monotonicNow
    wallBefore = wallNow
    return elapsedMs
  }
}
