/** A stretch of time in equal steps. */
export interface Run {
  readonly from: number
  readonly to: number
  readonly stepMs: number
}

const DAY_MS = 86_400_000

/**
 * The last `days` days of this computer's time zone, today included, as stretches of days of equal length: a day on
 * which the clocks change is 23 or 25 hours long.
 */
export function dayRuns(now: number, days: number): Run[] {
  const today = new Date(now)
  const starts = Array.from({ length: days + 1 }, (_, n) =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - days + 1 + n).getTime(),
  )
  const runs: Run[] = []
  for (const [at, from] of starts.slice(0, -1).entries()) {
    const to = starts[at + 1] ?? from + DAY_MS
    const last = runs.at(-1)
    if (last?.stepMs === to - from) runs[runs.length - 1] = { ...last, to }
    else runs.push({ from, to, stepMs: to - from })
  }
  return runs
}

/** The last `hours` hours, the present one included. */
export function hourRuns(now: number, hours: number): Run[] {
  const stepMs = DAY_MS / 24
  const to = (Math.floor(now / stepMs) + 1) * stepMs
  return [{ from: to - hours * stepMs, to, stepMs }]
}
