import { useCallback, useSyncExternalStore } from 'react'

const TICK_MS = 250

/** One clock for all countdowns of the page, by the server's time. It ticks only while a countdown shows. */
class ServerClock {
  #offsetMs = 0
  #timer: ReturnType<typeof setInterval> | undefined
  readonly #listeners = new Set<() => void>()

  /** `offsetMs`, added to `Date.now()`, gives the server's time. */
  set(offsetMs: number): void {
    this.#offsetMs = offsetMs
  }

  now(): number {
    return Date.now() + this.#offsetMs
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    this.#timer ??= setInterval(() => {
      for (const each of this.#listeners) each()
    }, TICK_MS)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }
}

export const serverClock = new ServerClock()

/** The server's time in ms, in whole steps: the component is drawn again once in a step. */
export function useServerTime(stepMs = 1_000): number {
  const now = useCallback(() => Math.floor(serverClock.now() / stepMs) * stepMs, [stepMs])
  return useSyncExternalStore(serverClock.subscribe, now)
}
