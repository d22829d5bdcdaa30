/** One clock for all processes of a measurement: CLOCK_MONOTONIC, which process.hrtime reads on Linux. */

// The two clocks are read one after the other, and the time between makes the difference too small: the largest is
// right.
const offsetMs = Math.max(
  ...Array.from({ length: 200 }, () => Number(process.hrtime.bigint()) / 1e6 - performance.now()),
)

/** Milliseconds, comparable between processes of one machine. */
export function monotonicMs() {
  return performance.now() + offsetMs
}
