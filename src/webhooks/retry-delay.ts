const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Waits before the tries after the first one, about four days together. */
export const retryWaits: readonly number[] = [
  1 * SECOND,
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  1 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  24 * HOUR,
  24 * HOUR,
]

/** Part of a wait by which it may be longer, so that endpoints which failed together do not come back together. */
const JITTER = 0.25

/**
 * Whether an endpoint has failed for so long that the tries end, however often a withdrawal has begun them anew. Not below
 * an hour.
 */
export function hasFailedTooLong(failingMs: number, waits = retryWaits): boolean {
  const all = waits.reduce((sum, wait) => sum + wait, 0)
  return failingMs > Math.max(all * (1 + JITTER), HOUR)
}

/**
 * The wait after so many failures in a row, not below `wantedMs`, which the endpoint has named. `give-up`: it failed too
 * often.
 */
export function retryDelay(
  failures: number,
  wantedMs = 0,
  random: () => number = Math.random,
  waits = retryWaits,
): number | 'give-up' {
  const wait = waits[failures - 1]
  if (wait === undefined) return 'give-up'
  return Math.max(wait * (1 + JITTER * random()), Math.min(wantedMs, HOUR))
}
