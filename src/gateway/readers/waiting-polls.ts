import { setImmediate } from 'node:timers'

/** Long polls that are answered in one turn of the event loop. */
const POLLS_PER_TURN = 16

/** The long polls of a feed that wait for its next event. */
export class WaitingPolls {
  readonly #polls = new Set<() => void>()

  get size(): number {
    return this.#polls.size
  }

  /** Settles at the next `wake`, after `limitMs`, or when `signal` aborts. */
  async wait(limitMs: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#polls.delete(done)
        resolve()
      }
      const timer = setTimeout(done, limitMs)
      signal.addEventListener('abort', done)
      this.#polls.add(done)
      if (signal.aborted) done()
    })
  }

  /** Answers the waiting polls in batches: each costs more time than a delivery to a stream. */
  async wake(): Promise<void> {
    let woken = 0
    for (const done of [...this.#polls]) {
      done()
      if (++woken % POLLS_PER_TURN === 0) await new Promise<void>((resume) => setImmediate(resume))
    }
  }
}
