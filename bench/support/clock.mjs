/** One clock for all processes of a measurement: CLOCK_MONOTONIC, which process.hrtime reads on Linux. */

const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/** Milliseconds, comparable between processes of one machine. */
export function monotonicMs() {
  return performance.now() + offsetMs
}
