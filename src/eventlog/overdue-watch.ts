import { UnavailableError } from '../platform/errors.ts'
import { repeat, type Repetition } from '../platform/repeat.ts'
import { listFeedIds } from './feeds/feeds.ts'
import { readWaiting } from './read-waiting.ts'
import type { Store } from './store/store.ts'

export const OVERDUE_CHECK_MS = 1_000

export interface OverdueOptions {
  /** A change that has been due for longer is late: the workers' sweeps should have released it. */
  readonly lateMs: number
  /** Called after each check with the age of the oldest due change of all feeds, 0 for none. */
  readonly onChecked?: (overdueMs: number) => void
  /** Called when the first change of a feed becomes late, and when no change is late any more. */
  readonly onLate?: (feed: string, overdueMs: number) => void
}

type FeedListener = (feed: string, overdueMs: number) => void

/** Looks every second, by the clock of Redis, how long the oldest change of each feed has been due. */
export class OverdueWatch {
  readonly #store: Store
  readonly #options: OverdueOptions
  readonly #listeners: FeedListener[] = []
  readonly #late = new Set<string>()
  readonly #repetition: Repetition
  #overdueMs: number | undefined

  constructor(store: Store, options: OverdueOptions) {
    this.#store = store
    this.#options = options
    this.#repetition = repeat(() => this.#check(), OVERDUE_CHECK_MS)
  }

  /** The age of the oldest due change at the last check; 0: nothing was due; undefined: it could not be read. */
  get overdueMs(): number | undefined {
    return this.#overdueMs
  }

  get isLate(): boolean {
    return this.#late.size > 0
  }

  /** The listener gets the age of a feed's oldest due change at each check while it is late, and 0 once after that. */
  listen(listener: FeedListener): void {
    this.#listeners.push(listener)
  }

  close(): Promise<void> {
    return this.#repetition.close()
  }

  async #check(): Promise<void> {
    try {
      const feeds = await listFeedIds(this.#store)
      const waiting = await readWaiting(this.#store, feeds)
      const ages = feeds.map((feed, index) => ({ feed, overdueMs: waiting[index]?.overdueMs ?? 0 }))
      this.#overdueMs = Math.max(0, ...ages.map(({ overdueMs }) => overdueMs))
      this.#options.onChecked?.(this.#overdueMs)
      for (const { feed, overdueMs } of ages) this.#tell(feed, overdueMs)
    } catch (error) {
      this.#overdueMs = undefined
      if (!(error instanceof UnavailableError))
        this.#store.faults.found('record', this.#store.keys.feeds, error)
    }
  }

  #tell(feed: string, overdueMs: number): void {
    const wasLate = this.#late.has(feed)
    const isLate = overdueMs >= this.#options.lateMs
    if (isLate) this.#late.add(feed)
    else this.#late.delete(feed)
    if (isLate !== wasLate) this.#options.onLate?.(feed, isLate ? overdueMs : 0)
    if (isLate || wasLate) for (const listener of this.#listeners) listener(feed, isLate ? overdueMs : 0)
  }
}
