import { setImmediate } from 'node:timers'
import type { Session } from './session.ts'

/** Longest stretch without a look at other work: keeps handshakes and health checks prompt during a walk. */
const SLICE_MS = 4
/** Sessions between two looks at the clock. */
const CLOCK_EVERY = 32

/** A feed's sessions in no order, and walks over all of them that yield to the event loop. */
export class SessionSet {
  readonly #sessions: Session[] = []
  readonly #walks = new Set<Walk>()

  get size(): number {
    return this.#sessions.length
  }

  add(session: Session): void {
    session.index = this.#sessions.push(session) - 1
  }

  has(session: Session): boolean {
    return session.index >= 0
  }

  /** The last session takes the place of the one that goes. */
  delete(session: Session): void {
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
  async walk(visit: (session: Session) => void, afterSlice: () => void = () => undefined): Promise<void> {
    const walk: Walk = { next: 0, visit }
    this.#walks.add(walk)
    while (!this.#slice(walk)) {
      afterSlice()
      await new Promise<void>((resume) => setImmediate(resume))
    }
    this.#walks.delete(walk)
    afterSlice()
  }

  all(): Session[] {
    return [...this.#sessions]
  }

  #slice(walk: Walk): boolean {
    const until = performance.now() + SLICE_MS
    while (walk.next < this.#sessions.length) {
      const session = this.#sessions[walk.next++]
      if (session) walk.visit(session)
      if (walk.next % CLOCK_EVERY === 0 && performance.now() > until) return false
    }
    return true
  }
}

interface Walk {
  /** Index of the next session to visit. */
  next: number
  readonly visit: (session: Session) => void
}
