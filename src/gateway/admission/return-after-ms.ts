/** Readers that are refused or sent away come back spread over this time, not all at once. */
const RETURN_WITHIN_MS = 5_000

/** A browser repeats a failed attempt of an EventSource after the last `retry:`, without end and without backoff. */
const RETURN_FLOOR_MS = 1_000

/** A random wait before a reader comes back. */
export function returnAfterMs(): number {
  return RETURN_FLOOR_MS + Math.round(Math.random() * (RETURN_WITHIN_MS - RETURN_FLOOR_MS))
}
