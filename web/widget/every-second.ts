/** One timer for all tickers of a page: it runs while somebody listens. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** Returns the function that ends it. */
export function everySecond(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const each of listeners) each()
  }, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
