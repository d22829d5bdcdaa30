import { useQuery } from '@tanstack/react-query'
import type { ApiClient } from '../platform/api-client.ts'

const READ_AGAIN_MS = 5_000

/** Where the words of a feed are, as the API answers. */
export interface Outputs {
  readonly onAir: readonly OutputState[]
  readonly partners: { readonly count: number; readonly requests: number; readonly connections: number }
}

export interface OutputState {
  readonly output: string
  readonly name: string
  readonly lastReportAt?: string
  readonly picture: readonly PaintedWords[]
}

export interface PaintedWords {
  readonly headline: string
  readonly version: number
}

/** Undefined while they are read, and where the service does not answer now. */
export function useOutputs(api: ApiClient, feed: string): Outputs | undefined {
  const { data, isError } = useQuery({
    queryKey: ['outputs', feed],
    queryFn: () => api.read<Outputs>(`/v1/feeds/${feed}/outputs`),
    refetchInterval: READ_AGAIN_MS,
  })
  return isError ? undefined : data
}
