/** A dependency did not answer. The request may or may not have taken effect; repeating it is safe and may help. */
export class UnavailableError extends Error {
  readonly code = 'log-unavailable'
  readonly retryable = true
  override readonly name = 'UnavailableError'
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
