import type { QueryClient } from '@tanstack/react-query'
import type { ApiClient } from '../platform/api-client.ts'
import type { Lists } from './lists.ts'
import { listsKey, readLinesAgain } from './read-lists.ts'

/** Acts that come together cause one reading. */
const GATHER_MS = 150
/** In a storm of acts each reading waits this long after the one before, so that no limit of the API is reached. */
const STORM_MS = 1_000
/** The whole lists are cheaper to read than more lines than these. */
const MOST_ALONE = 4
/** Each page of a long list costs the API a request. */
const PER_PAGE_MS = 500
const PAGE = 100

/** Reads what the desk's stream names: a few changed lines alone, or all lists. */
export class ListReader {
  readonly #api: ApiClient
  readonly #queries: QueryClient
  readonly #feed: string
  #ids = new Set<string>()
  #wantsAll = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #quietUntil = 0

  constructor(api: ApiClient, queries: QueryClient, feed: string) {
    this.#api = api
    this.#queries = queries
    this.#feed = feed
  }

  /** undefined: the act concerns no line, but perhaps the rules for all of them. */
  read(id: string | undefined): void {
    if (id === undefined) {
      void this.#queries.invalidateQueries({ queryKey: ['policy', this.#feed] })
      this.#wantsAll = true
    } else this.#ids.add(id)
    this.#soon()
  }

  readAll(): void {
    this.#wantsAll = true
    this.#soon()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #soon(): void {
    const waitMs = Math.max(GATHER_MS, this.#quietUntil - performance.now())
    this.#timer ??= setTimeout(() => void this.#readNow(), waitMs)
  }

  async #readNow(): Promise<void> {
    const ids = [...this.#ids]
    const all = this.#wantsAll || ids.length > MOST_ALONE
    this.#ids = new Set()
    this.#wantsAll = false
    const pages = Math.ceil(
      (this.#queries.getQueryData<Lists>(listsKey(this.#feed))?.headlines.length ?? 0) / PAGE,
    )
    const isStorm = performance.now() < this.#quietUntil + STORM_MS
    const quietMs = all ? Math.max(STORM_MS, pages * PER_PAGE_MS) : isStorm ? STORM_MS / 2 : 0
    this.#quietUntil = performance.now() + quietMs
    this.#timer = undefined
    if (all) {
      await this.#queries.invalidateQueries({ queryKey: listsKey(this.#feed) })
      await this.#queries.invalidateQueries({ queryKey: ['headline', this.#feed] })
      return
    }
    // A line that cannot be read now is read with all lists.
    await readLinesAgain(this.#api, this.#queries, this.#feed, ids).catch(() => this.readAll())
  }
}
