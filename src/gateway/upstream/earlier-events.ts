import { readBefore } from '../../eventlog/read-log.ts'
import type { Store } from '../../eventlog/store/store.ts'
import type { Position } from '../../protocol/position.ts'
import { MAX_COUNTED_EVENTS } from '../readers/delivery-counts.ts'
import type { FeedLog } from '../memory/feed-log.ts'

/** The events with which a feed opens: those whose readers are counted, and so those that returning readers mostly miss. */
export const FIRST_EVENTS = MAX_COUNTED_EVENTS
/** Events of one step, about a slice of a round: readers are served between two steps. */
const STEP_EVENTS = 250

/**
 * Loads the events before those with which a feed has opened, the newest first. So the start of a gateway takes as long
 * after years as after a day.
 */
export class EarlierEvents {
  readonly #feed: string
  readonly #log: FeedLog
  readonly #store: Store
  readonly #stepEvents: number
  #step: Promise<void> | undefined

  constructor(feed: string, log: FeedLog, store: Store, stepEvents = STEP_EVENTS) {
    this.#feed = feed
    this.#log = log
    this.#store = store
    this.#stepEvents = stepEvents
  }

  /** Loads as many as the log in memory may hold. Errors: UnavailableError. */
  async loadAll(signal?: AbortSignal): Promise<void> {
    while (this.#log.missing && !signal?.aborted) await this.load()
  }

  /** Loads until the log locates a reader's position, or has nothing more to load. Errors: UnavailableError. */
  async loadTo(position: Position): Promise<void> {
    while (this.#log.mayLoad(position)) await this.load()
  }

  /** One step, which all that wait for it share. Errors: UnavailableError. */
  load(): Promise<void> {
    this.#step ??= this.#loadStep().finally(() => (this.#step = undefined))
    return this.#step
  }

  async #loadStep(): Promise<void> {
    const { missing } = this.#log
    if (!missing) return
    const part = await readBefore(this.#store, this.#feed, missing, this.#stepEvents)
    const isSame = this.#log.missing?.before === missing.before && this.#log.missing.epoch === missing.epoch
    // Where Redis has other events now, the tail check finds it and loads the feed anew.
    if (!this.#log.prepend(part) && isSame) this.#log.endLoading()
  }
}
