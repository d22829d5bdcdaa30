import type { FeedLog } from './feed-log.ts'

/** Limits the cache: there may be as many filters as readers, and a long strip takes a hundred kilobytes for each. */
const MAX_BYTES = 8 * 1024 * 1024

/** Caches bytes that several readers get, until the log changes. */
export class SharedBytes {
  readonly #log: FeedLog
  readonly #cached = new Map<string, Buffer>()
  #revision = -1
  #bytes = 0

  constructor(log: FeedLog) {
    this.#log = log
  }

  get(key: string, make: () => Buffer): Buffer {
    if (this.#revision !== this.#log.revision || this.#bytes > MAX_BYTES) this.#clear()
    let cached = this.#cached.get(key)
    if (!cached) {
      cached = make()
      this.#cached.set(key, cached)
      this.#bytes += cached.length
    }
    return cached
  }

  #clear(): void {
    this.#revision = this.#log.revision
    this.#cached.clear()
    this.#bytes = 0
  }
}
