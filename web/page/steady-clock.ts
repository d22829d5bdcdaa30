/**
 * A clock that never goes back and counts sleep: `performance.now()` may stand still while the computer
 * sleeps, and `Date.now()` jumps when somebody sets it.
 */
export function steadyClock(clocks: { monotonic: () => number; wall: () => number }): () => number {
  let elapsedMs = 0
  let monotonic = clocks.monotonic()
  let wall = clocks.wall()
  return () => {
    const next = { monotonic: clocks.monotonic(), wall: clocks.wall() }
    elapsedMs += Math.max(next.monotonic - monotonic, next.wall - wall, 0)
    monotonic = next.monotonic
    wall = next.wall
    return elapsedMs
  }
}
