import {
  endDuty,
  isNoted,
  markDuty,
  noteOf,
  readDuties,
  type Duty,
  type DutyNote,
} from '../../eventlog/duties/duty.ts'
import { listFeedIds } from '../../eventlog/feeds/feeds.ts'
import { inEachFeed } from '../../eventlog/feeds/in-each-feed.ts'
import type { Act } from '../../eventlog/store/act.ts'
import type { Write } from '../../eventlog/store/compare-and-write.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import { carryOut, type CarryOutDeps } from './carry-out.ts'
import { stoppedLinesOf, unfinished, type StoppedLines } from './stopped-lines.ts'

/** How often each api looks for duties that a killed process has left. */
const LOOK_EVERY_MS = 2_000
/** The process that has noted a duty carries it out itself, for its answer. */
const OWN_MS = 2_000
/** A mark without its duty belongs to a change that was not made. */
const ORPHAN_MS = 30_000

export interface DutyDeps extends CarryOutDeps {
  readonly logger: Logger
  readonly newId: () => string
}

export type DutyCause = Pick<DutyNote, 'why' | 'by' | 'person' | 'alone'>

/**
 * Puts headlines that wait to a decision when their key or account is stopped, or when a policy forbids them. The duty
 * to do so is stored in the step of that change and survives every process; all apis look for it.
 */
export class DutyKeeper {
  readonly #deps: DutyDeps
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #again = false

  constructor(deps: DutyDeps) {
    this.#deps = deps
  }

  /** Looks now and from time to time, until `close`. */
  start(everyMs = LOOK_EVERY_MS): void {
    void this.look()
    this.#timer = setInterval(() => void this.look(), everyMs)
  }

  /** Finishes the running look. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#again = false
    await this.#looking
  }

  /** A new duty of this moment, which is not noted yet. Errors: UnavailableError. */
  async newDuty(cause: DutyCause, act: Act): Promise<Duty> {
    const { store, newId } = this.#deps
    return { id: newId(), since: Math.floor(await readTime(store)), ...cause, act }
  }

  /**
   * Makes a change that stops a key or an account. `change` writes the note in its own step, or nothing where it is
   * refused. Before it, all feeds get a mark that holds the headlines back, so that none comes out in between. Errors: those
   * of `change`, UnavailableError.
   */
  async during<T>(
    cause: DutyCause,
    act: Act,
    change: (note: Write) => Promise<T>,
  ): Promise<{ readonly result: T; readonly stopped: StoppedLines }> {
    const { store } = this.#deps
    const duty = await this.newDuty(cause, act)
    const feeds = await listFeedIds(store)
    // A feed whose duties cannot be written releases nothing, so it needs no mark.
    await inEachFeed(store, feeds, 'duties', (feed) => markDuty(store, feed, { ...duty, mark: 'desk' }))
    let result: T
    try {
      result = await change(noteOf(store, 'desk', duty))
    } catch (error) {
      await this.#dropMarks(feeds, duty).catch(() => undefined)
      throw error
    }
    await this.#dropMarks(feeds, duty).catch(() => undefined)
    return { result, stopped: await this.fulfil('desk', duty) }
  }

  /** Carries out a duty that was just noted. It never fails: what is left is done by the next look of any api. */
  async fulfil(home: string, duty: Duty): Promise<StoppedLines> {
    const { store, logger } = this.#deps
    try {
      if (!(await isNoted(store, home, duty.id))) return stoppedLinesOf([])
      const stopped = await carryOut(this.#deps, home, duty)
      this.#tell(home, duty, stopped.length)
      return stoppedLinesOf(stopped)
    } catch (error) {
      logger.error({ event: 'duty-unfinished', home, duty: duty.id, why: duty.why, error: messageOf(error) })
      return unfinished
    }
  }

  /** Carries out the duties that other processes have left, and frozen keys at once. Calls meanwhile are one more look. */
  look(): Promise<void> {
    if (this.#looking) {
      this.#again = true
      return this.#looking
    }
    this.#looking = this.#lookOnce()
      .catch((error: unknown) => {
        this.#deps.logger.warn({ event: 'duties-not-read', error: messageOf(error) })
      })
      .finally(() => {
        this.#looking = undefined
        if (!this.#again) return
        this.#again = false
        void this.look()
      })
    return this.#looking
  }

  async #lookOnce(): Promise<void> {
    const { store } = this.#deps
    const now = await readTime(store)
    const feeds = await listFeedIds(store)
    await this.#lookIn('desk', now)
    for (const feed of feeds) await inEachFeed(store, [feed], 'duties', (home) => this.#lookIn(home, now))
  }

  async #lookIn(home: string, now: number): Promise<void> {
    for (const duty of await readDuties(this.#deps.store, home)) {
      const ageMs = now - duty.since
      if (duty.mark !== undefined) await this.#dropOrphan(home, duty, duty.mark, ageMs)
      else if (duty.why === 'key-frozen' || ageMs >= OWN_MS) await this.fulfil(home, duty)
    }
  }

  async #dropOrphan(feed: string, { id }: Duty, home: string, ageMs: number): Promise<void> {
    const { store, ring } = this.#deps
    if (ageMs < ORPHAN_MS || (await isNoted(store, home, id))) return
    await endDuty(store, feed, id)
    ring(feed)
  }

  /** The change was not made: nothing has to be held back. */
  async #dropMarks(feeds: readonly string[], { id }: Duty): Promise<void> {
    const { store, ring } = this.#deps
    if (await isNoted(store, 'desk', id)) return
    for (const feed of feeds) {
      await endDuty(store, feed, id)
      ring(feed)
    }
  }

  #tell(home: string, { id, why, by, person }: Duty, lines: number): void {
    this.#deps.logger.warn({ event: 'lines-stopped', home, duty: id, why, by, person, lines })
  }
}
