import type { Logger } from './logger.ts'
import { messageOf } from './errors.ts'

/** Closes what was opened, newest first, each within its limit; a part that fails does not keep the others open. */
export class Lifecycle {
  readonly #logger: Logger
  readonly #parts: { name: string; close: () => unknown; limitMs: number }[] = []
  #closing: Promise<void> | undefined

  constructor(logger: Logger) {
    this.#logger = logger
  }

  own(name: string, close: () => unknown, limitMs = 5_000): void {
    this.#parts.push({ name, close, limitMs })
  }

  /** Called again, it gives the same promise. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  async #closeAll(): Promise<void> {
    for (const { name, close, limitMs } of this.#parts.reverse()) {
      try {
        await within(Promise.resolve(close()), limitMs)
      } catch (error) {
        this.#logger.warn({ event: 'close-failed', part: name, error: messageOf(error) })
      }
    }
  }
}

/** Errors: after `limitMs` without a result. */
export async function within<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`took longer than ${limitMs} ms`))
    }, limitMs)
  })
  return Promise.race([promise, limit]).finally(() => {
    clearTimeout(timer)
  })
}
