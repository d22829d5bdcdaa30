import type { FeedLog } from './feed-log.ts'

/** There may be as many filters as readers, and a long strip through each of them is a hundred kilobytes. */
const MOST_BYTES = 8 * 1024 * 1024

/** What is made once for all who ask for it, until the log goes on. */
export class SharedBytes {
  readonly #log: FeedLog
  readonly #made = new Map<string, Buffer>()
  #revision = -1
  #bytes = 0

  constructor(log: FeedLog) {
    this.#log = log
  }

  get(key: string, make: () => Buffer): Buffer {
    if (this.#revision !== this.#log.revision || this.#bytes > MOST_BYTES) this.#forget()
    let made = this.#made.get(key)
    if (!made) {
      made = make()
      this.#made.set(key, made)
      this.#bytes += made.length
    }
    return made
  }

  #forget(): void {
    this.#revision = this.#log.revision
    this.#made.clear()
    this.#bytes = 0
  }
}
