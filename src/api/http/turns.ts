/** Lets work on one feed wait for the work before it; work on other feeds goes on. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Begins when all work that has waited longer for this feed has ended. */
  async take<T>(feed: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(feed) ?? Promise.resolve()
    const done = before.then(work)
    const ended = done.then(
      () => undefined,
      () => undefined,
    )
    this.#last.set(feed, ended)
    try {
      return await done
    } finally {
      if (this.#last.get(feed) === ended) this.#last.delete(feed)
    }
  }
}
