import { describe, expect, it } from '@jest/globals'
import { dayRuns, hourRuns } from '../../../../web/desk/charts/day-runs.ts'

const HOUR_MS = 3_600_000

describe('the stretches of a chart', () => {
  it('cover whole local days up to the end of today, without gaps', () => {
    for (const now of ['2026-03-31T10:00:00Z', '2026-10-27T23:30:00Z', '2026-06-15T00:00:00Z'].map(
      Date.parse,
    )) {
      const runs = dayRuns(now, 30)
      const [first, last] = [runs[0]!, runs.at(-1)!]
      expect([new Date(first.from).getHours(), new Date(last.to).getHours()]).toEqual([0, 0])
      expect(last.to).toBeGreaterThan(now)
      runs.slice(1).forEach((run, at) => expect(run.from).toBe(runs[at]?.to))
      expect(runs.reduce((days, { from, to, stepMs }) => days + (to - from) / stepMs, 0)).toBe(30)
      for (const { stepMs } of runs) expect([23, 24, 25]).toContain(stepMs / HOUR_MS)
    }
  })

  it('end with the present hour', () => {
    const now = Date.parse('2026-11-30T14:20:00Z')
    expect(hourRuns(now, 24)).toEqual([
      { from: Date.parse('2026-11-29T15:00:00Z'), to: Date.parse('2026-11-30T15:00:00Z'), stepMs: HOUR_MS },
    ])
  })
})
