/** A dependency did not answer. The request may or may not have taken effect; repeating it is safe and may help. */
export class UnavailableError extends Error {
  readonly code = 'log-unavailable'
  readonly retryable = true
  override readonly name = 'UnavailableError'
}

/** A limit on expensive work is reached. A later try may succeed. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
  readonly retryAfterMs: number

  constructor(message: string, retryAfterMs = 1_000) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

/** A stored record cannot be read; `record` is its Redis key. A repetition does not help before an operator mends it. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError'
  readonly record: string

  constructor(record: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.record = record
  }
}

/** The message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
