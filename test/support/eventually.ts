import { setTimeout as pause } from 'node:timers/promises'

/** Settles with the first value that is neither undefined nor false. Errors: after `limitMs` without one. */
export async function eventually<T>(
  what: string,
  limitMs: number,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`)
    await pause(20)
  }
}
