import { setImmediate } from 'node:timers'
import type { ReaderSession } from './reader-session.ts'

/** Longest time before a walk yields to the event loop, so that handshakes and health checks stay prompt. */
const SLICE_MS = 4
/** Sessions prefetched together, between two checks of the clock. The memory of so many fits a core's own cache. */
const PREFETCH_BATCH = 32

/** A feed's sessions, unordered, and walks over all of them that yield to the event loop. */
export class SessionSet {
  readonly #sessions: ReaderSession[] = []
  readonly #walks = new Set<Walk>()
  /** Running walks of all feeds. They share SLICE_MS, since heartbeats of all feeds begin at the same moment. */
  static #running = 0

  get size(): number {
    return this.#sessions.length
  }

  add(session: ReaderSession): void {
    session.index = this.#sessions.push(session) - 1
  }

  has(session: ReaderSession): boolean {
    return session.index >= 0
  }

  /** Removes a session and moves the last one to its index. */
  delete(session: ReaderSession): void {
    const from = this.#sessions.length - 1
    const to = session.index
    const last = this.#sessions.pop()
    session.index = -1
    if (!last || last === session) return
    this.#sessions[to] = last
    last.index = to
    for (const walk of this.#walks) if (to < walk.next && from >= walk.next) walk.visit(last)
  }

  /**
   * Visits each session that is in the set from the start to the end of the walk, in slices. Settles after the last.
   */
  async walk(
    visit: (session: ReaderSession) => void,
    afterSlice: () => void = () => undefined,
  ): Promise<void> {
    const walk: Walk = { next: 0, prefetched: 0, visit }
    this.#walks.add(walk)
    SessionSet.#running++
    while (!this.#slice(walk)) {
      afterSlice()
      await new Promise<void>((resume) => setImmediate(resume))
    }
    SessionSet.#running--
    this.#walks.delete(walk)
    afterSlice()
  }

  all(): ReaderSession[] {
    return [...this.#sessions]
  }

  #slice(walk: Walk): boolean {
    const until = performance.now() + SLICE_MS / SessionSet.#running
    const first = walk.next
    while (walk.next < this.#sessions.length) {
      if (walk.next % PREFETCH_BATCH === 0) {
        if (walk.next > first && performance.now() > until) return false
        walk.prefetched += this.#prefetch(walk.next)
      }
      const session = this.#sessions[walk.next++]
      if (session) walk.visit(session)
    }
    return true
  }

  /**
   * Loads the memory that the next visits read into the cache: consecutive loads wait for memory in parallel, loads
   * between two writes wait one by one. Returns a count, or the optimizer would remove loads whose result is not used.
   */
  #prefetch(from: number): number {
    const to = Math.min(from + PREFETCH_BATCH, this.#sessions.length)
    let prefetched = 0
    for (let index = from; index < to; index++) if (this.#sessions[index]?.prefetch()) prefetched++
    return prefetched
  }
}

interface Walk {
  /** Index of the next session to visit. */
  next: number
  /** Count of the prefetched sessions that have a write handle. */
  prefetched: number
  readonly visit: (session: ReaderSession) => void
}
