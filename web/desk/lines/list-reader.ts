/** Acts that come together cause one reading. */
const GATHER_MS = 150
/** In a storm of acts each reading waits this long after the one before, so that no limit of the API is reached. */
const STORM_MS = 1_000
/** The whole lists are cheaper to read than more lines than these. */
const MOST_ALONE = 4
/** Each page of a long list costs the API a request. */
const PER_PAGE_MS = 500

/** The readings of a feed's lines from the API. */
export interface ListReadings {
  /** Number of pages that the whole lists have. */
  readonly pages: () => number
  readonly all: () => Promise<void>
  /** Errors: a line that cannot be read. */
  readonly lines: (ids: readonly string[]) => Promise<void>
}

/** Decides when to read the lines that the desk's stream names: a few changed lines alone, or all lists. */
export class ListReader {
  readonly #readings: ListReadings
  #ids = new Set<string>()
  #wantsAll = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #dueAt = Infinity
  /** The whole lists are not read again before this time. */
  #allAfter = 0
  /** Lines alone are not read again before this time. */
  #aloneAfter = 0

  constructor(readings: ListReadings) {
    this.#readings = readings
  }

  read(id: string): void {
    this.#ids.add(id)
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
    const now = performance.now()
    const isAlone = this.#ids.size > 0 && this.#ids.size <= MOST_ALONE
    const dueAt = Math.max(now + GATHER_MS, isAlone ? this.#aloneAfter : this.#allAfter)
    if (this.#timer !== undefined && this.#dueAt <= dueAt) return
    clearTimeout(this.#timer)
    this.#dueAt = dueAt
    this.#timer = setTimeout(() => void this.#readNow(), dueAt - now)
  }

  async #readNow(): Promise<void> {
    const now = performance.now()
    this.#timer = undefined
    if (now >= this.#allAfter && (this.#wantsAll || this.#ids.size > MOST_ALONE)) await this.#readAllNow(now)
    // A few lines do not wait for the next reading of the whole lists.
    else if (this.#ids.size > 0 && this.#ids.size <= MOST_ALONE) await this.#readAlone(now)
    else this.#soon()
  }

  async #readAllNow(now: number): Promise<void> {
    this.#ids = new Set()
    this.#wantsAll = false
    this.#allAfter = now + Math.max(STORM_MS, this.#readings.pages() * PER_PAGE_MS)
    await this.#readings.all()
  }

  async #readAlone(now: number): Promise<void> {
    const ids = [...this.#ids]
    this.#ids = new Set()
    this.#aloneAfter = now + (now < this.#aloneAfter + STORM_MS ? STORM_MS / 2 : 0)
    if (this.#wantsAll) this.#soon()
    // A line that cannot be read now is read with all lists.
    await this.#readings.lines(ids).catch(() => this.readAll())
  }
}
