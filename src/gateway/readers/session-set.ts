import { setImmediate } from 'node:timers'
import type { ReaderSession } from './reader-session.ts'

/** Longest stretch without a look at other work: keeps handshakes and health checks prompt while walks are under way. */
const SLICE_MS = 4
/** Sessions between two looks at the clock: what they touch, kernel included, fits a core's own cache. */
const AT_ONCE = 32

/** A feed's sessions in no order, and walks over all of them that yield to the event loop. */
export class SessionSet {
  readonly #sessions: ReaderSession[] = []
  readonly #walks = new Set<Walk>()
  /** Walks of all feeds, which share the stretch: heartbeats, for one, begin in the same moment. */
  static #underWay = 0

  get size(): number {
    return this.#sessions.length
  }

  add(session: ReaderSession): void {
    session.index = this.#sessions.push(session) - 1
  }

  has(session: ReaderSession): boolean {
    return session.index >= 0
  }

  /** The last session takes the place of the one that goes. */
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

  /** Visits each session that is there from now until the end, in slices. Settles with the last one. */
  async walk(
    visit: (session: ReaderSession) => void,
    afterSlice: () => void = () => undefined,
  ): Promise<void> {
    const walk: Walk = { next: 0, loaded: 0, visit }
    this.#walks.add(walk)
    SessionSet.#underWay++
    while (!this.#slice(walk)) {
      afterSlice()
      await new Promise<void>((resume) => setImmediate(resume))
    }
    SessionSet.#underWay--
    this.#walks.delete(walk)
    afterSlice()
  }

  all(): ReaderSession[] {
    return [...this.#sessions]
  }

  #slice(walk: Walk): boolean {
    const until = performance.now() + SLICE_MS / SessionSet.#underWay
    const first = walk.next
    while (walk.next < this.#sessions.length) {
      if (walk.next % AT_ONCE === 0) {
        if (walk.next > first && performance.now() > until) return false
        walk.loaded += this.#load(walk.next)
      }
      const session = this.#sessions[walk.next++]
      if (session) walk.visit(session)
    }
    return true
  }

  /**
   * Brings near what the next visits look at: loads in a row wait for memory together, those between two writes one by
   * one. Returns how many sessions have something to load, or an optimizer would see that all of it is for nothing.
   */
  #load(from: number): number {
    const to = Math.min(from + AT_ONCE, this.#sessions.length)
    let loaded = 0
    for (let index = from; index < to; index++) if (this.#sessions[index]?.load()) loaded++
    return loaded
  }
}

interface Walk {
  /** Index of the next session to visit. */
  next: number
  /** Sessions whose next delivery was brought near. */
  loaded: number
  readonly visit: (session: ReaderSession) => void
}
