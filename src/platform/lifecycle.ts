import type { Logger } from './logger.ts'
import { messageOf } from './errors.ts'

/** Closes the parts of a process, newest first, each with a time limit, even when one of them fails to close. */
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

  /** Closes all parts once; a second call returns the same promise. */
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

/** Errors: those of the promise, or one after `limitMs` without a result. */
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
