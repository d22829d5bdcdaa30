import type { EventFrame, Frame } from '../../src/protocol/frames.ts'
import type { LiveHeadline } from '../../src/protocol/headline.ts'
import { streamFrames } from './stream-frames.ts'

/**
 * A client as a hurried developer writes it: it puts each event on top of a list, believes each word, and begins anew
 * after a cut, at once.
 */
export class NaiveClient {
  readonly lines: LiveHeadline[] = []
  readonly #url: string
  readonly #changed: (lines: readonly LiveHeadline[]) => Promise<unknown>
  readonly #stopping = new AbortController()

  constructor(url: string, changed: (lines: readonly LiveHeadline[]) => Promise<unknown>) {
    this.#url = url
    this.#changed = changed
  }

  /** Settles after `stop`. */
  async run(): Promise<void> {
    const { signal } = this.#stopping
    const isOver = () => signal.aborted
    while (!isOver()) await this.#follow(signal).catch(() => undefined)
  }

  stop(): void {
    this.#stopping.abort()
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for await (const frame of streamFrames<Frame>(this.#url, { signal })) {
      this.#take(frame)
      await this.#changed(this.lines)
    }
  }

  #take(frame: Frame): void {
    // A reset in the middle adds lines, as if it were news.
    if (frame.type === 'reset') this.lines.unshift(...frame.strip.filter(({ id }) => !this.#has(id)))
    if (frame.type === 'event') this.#show(frame)
  }

  #show({ op, headline }: EventFrame): void {
    if (op === 'withdraw' || op === 'expire') {
      const at = this.lines.findIndex(({ id }) => id === headline.id)
      if (at >= 0) this.lines.splice(at, 1)
    } else if (headline.status === 'live') this.lines.unshift(headline)
  }

  #has(id: string): boolean {
    return this.lines.some((line) => line.id === id)
  }
}
