/**
 * A clock that never goes back and counts sleep: `performance.now()` may stand still while the computer
 * sleeps, and `Date.now()` jumps when somebody sets it.
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
