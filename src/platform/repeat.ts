/** Part of an interval by which the start may come earlier, so that several processes do not work at the same time. */
const JITTER = 0.25

export interface Repetition {
  /** Settles when the last run has ended. */
  close(): Promise<void>
}

/**
 * Runs `work` at once, and again at most `everyMs` after the end of the run before. Its timer counts the time that
 * passes; the clock of the machine, which may be set, has no effect. `work` must have an end and must not fail.
 */
export function repeat(
  work: () => Promise<void>,
  everyMs: number,
  random: () => number = Math.random,
): Repetition {
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let running = run()

  async function run(): Promise<void> {
    await work()
    if (closed) return
    timer = setTimeout(
      () => {
        running = run()
      },
      everyMs * (1 - JITTER * random()),
    )
  }

  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}
