import { startTransition } from 'react'

/** A person sees no difference between a line now and a line a tenth of a second later. */
export const DRAW_EVERY_MS = 100
/** The key's own frame. */
const KEY_MS = 20

/**
 * Draws what events bring: the first event at once, those that follow it closely together, and none of them in the frame
 * of a key. Without this, a storm of events takes the time that the keys of the person need.
 */
export class Drawing {
  readonly #wanted = new Set<() => void>()
  #isWaiting = false
  #wantedAt = 0
  #drawnAt = -Infinity
  #keyAt = -Infinity

  constructor(page: EventTarget) {
    page.addEventListener('keydown', () => (this.#keyAt = performance.now()), { capture: true })
  }

  /** `draw` sets a state to the newest one; two calls before the frame make one run. */
  soon(draw: () => void): void {
    this.#wanted.add(draw)
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#wantedAt = performance.now()
    this.#plan(this.#drawnAt + DRAW_EVERY_MS - this.#wantedAt)
  }

  forget(draw: () => void): void {
    this.#wanted.delete(draw)
  }

  #plan(ms: number): void {
    setTimeout(() => this.#try(), Math.max(0, ms))
  }

  #try(): void {
    const now = performance.now()
    const keyMs = this.#keyAt + KEY_MS - now
    // A key that is held down comes again and again.
    if (keyMs > 0 && now < this.#wantedAt + DRAW_EVERY_MS) this.#plan(keyMs)
    else this.#draw(now)
  }

  #draw(now: number): void {
    this.#isWaiting = false
    this.#drawnAt = now
    const draws = [...this.#wanted]
    this.#wanted.clear()
    // A key that is pressed meanwhile is drawn first.
    startTransition(() => {
      for (const draw of draws) draw()
    })
  }
}
