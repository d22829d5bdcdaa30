import type { OnAirLine } from './on-air-line.ts'

/** Reports go out together, so that a strip that begins does not send one for each line. */
const GATHER_MS = 2_000
/** A report that did not arrive is sent again after so long. */
const AGAIN_MS = 15_000
/** The server takes so many at once. */
const AT_ONCE = 50
/** While the server is away, the oldest reports beyond these are dropped. */
const MOST_KEPT = 1_000

interface PaintingReport {
  readonly headline: string
  readonly version: number
  readonly edge: 'first' | 'last'
  readonly at: string
}

/** The server that takes reports, and the output that they are of. */
export interface AsRunTarget {
  readonly server: string
  readonly feed: string
  readonly key: string
}

/** Reports the first and the last frame of each line, until `close`. A line that passes again and again counts once. */
export class AsRun {
  readonly #target: AsRunTarget
  readonly #now: () => number
  readonly #session = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
  /** The lines that were painted and have not gone, with the time of their newest last frame. */
  readonly #painted = new Map<string, { readonly line: OnAirLine; last: number }>()
  #waiting: PaintingReport[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  /** @param now the server's time */
  constructor(target: AsRunTarget, now: () => number) {
    this.#target = target
    this.#now = now
  }

  painted(line: OnAirLine, edge: 'first' | 'last'): void {
    const known = this.#painted.get(keyOf(line))
    const now = this.#now()
    if (known) known.last = now
    else if (edge === 'first') {
      this.#painted.set(keyOf(line), { line, last: now })
      this.#note(line, 'first', now)
    }
  }

  /** Takes the lines that may be in the picture: those that are painted no more have had their last frame. */
  update(lines: readonly OnAirLine[]): void {
    const keys = new Set(lines.map(keyOf))
    for (const [key, { line, last }] of this.#painted)
      if (!keys.has(key)) {
        this.#painted.delete(key)
        this.#note(line, 'last', last)
      }
  }

  /** Sends the reports that wait. */
  close(): void {
    this.update([])
    this.#isClosed = true
    clearTimeout(this.#timer)
    void this.#send()
  }

  #note({ id, version }: OnAirLine, edge: 'first' | 'last', at: number): void {
    const report = { headline: id, version, edge, at: new Date(at).toISOString() }
    this.#waiting = [...this.#waiting, report].slice(-MOST_KEPT)
    this.#sendAfter(GATHER_MS)
  }

  #sendAfter(ms: number): void {
    if (!this.#isClosed) this.#timer ??= setTimeout(() => void this.#send(), ms)
  }

  async #send(): Promise<void> {
    const paintings = this.#waiting.slice(0, AT_ONCE)
    if (paintings.length === 0) return
    const { server, feed, key } = this.#target
    const arrived = await fetch(`${server}v1/feeds/${feed}/as-run`, {
      method: 'POST',
      credentials: 'omit',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ session: this.#session, paintings }),
    }).then(
      // A report that the server does not take is not better at the next attempt.
      ({ status }) => status < 500 && status !== 429,
      () => false,
    )
    this.#timer = undefined
    if (arrived) this.#waiting = this.#waiting.filter((each) => !paintings.includes(each))
    if (this.#waiting.length > 0) this.#sendAfter(arrived ? 0 : AGAIN_MS)
  }
}

function keyOf({ id, key }: OnAirLine): string {
  return JSON.stringify([id, key])
}
