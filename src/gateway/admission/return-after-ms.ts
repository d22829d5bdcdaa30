/** Readers that are refused or sent away come back spread over this time, not all at once. */
const RETURN_WITHIN_MS = 5_000

/** A random wait before a reader comes back (full jitter). */
export function returnAfterMs(): number {
  return Math.round(Math.random() * RETURN_WITHIN_MS)
}
