import { useQuery } from '@tanstack/react-query'
import type { ApiClient } from '../platform/api-client.ts'
import { dayRuns, hourRuns, type Run } from './day-runs.ts'

export const periods = ['day', 'week', 'month'] as const
export type Period = (typeof periods)[number]

/** One step of a series, as the API answers it. */
export interface Step {
  readonly at: string
  readonly releases: number
  readonly flashes: number
  readonly corrections: number
  readonly holds: number
  readonly withdrawals: number
  readonly readers: number | null
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

const REFRESH_MS = 60_000

function runsOf(period: Period): Run[] {
  const now = Date.now()
  if (period === 'day') return hourRuns(now, 24)
  return dayRuns(now, period === 'week' ? 7 : 30)
}

/** The series of a feed: by hour for a day, by local day for a week and a month. */
export function useSeries(api: ApiClient, feed: string, period: Period) {
  return useQuery({
    queryKey: ['series', feed, period],
    refetchInterval: REFRESH_MS,
    queryFn: async () => {
      const parts = await Promise.all(
        runsOf(period).map(({ from, to, stepMs }) => {
          const query = new URLSearchParams({
            from: new Date(from).toISOString(),
            to: new Date(to).toISOString(),
            step: String(stepMs / 1_000),
          })
          return api.read<{ steps: readonly Step[] }>(`/v1/feeds/${feed}/series?${query}`)
        }),
      )
      return parts.flatMap(({ steps }) => steps)
    },
  })
}
