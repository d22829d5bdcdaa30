/** Those who are refused or sent away come back spread over this time, so that they do not come all at once. */
const RETURN_WITHIN_MS = 5_000

/** When a reader that is sent away should come back: full jitter. */
export function returnAfterMs(): number {
  return Math.round(Math.random() * RETURN_WITHIN_MS)
}
