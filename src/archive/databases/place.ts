/** Places of one ms. */
export const PLACE_BITS = 20n

/** Later than every creation time; its place is below 2^63. */
export const LAST_MS = 2 ** 43 - 2

/** The first place of a creation time in the table `lines` of libsql. */
export function placeOf(ms: number): bigint {
  return BigInt(placeTimeOf(ms)) << PLACE_BITS
}

/** A time that has a place. */
export function placeTimeOf(ms: number): number {
  return Math.max(0, Math.min(Math.trunc(ms), LAST_MS + 1))
}
