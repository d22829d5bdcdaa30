import { useQueries, useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { FeedPolicy } from '../composer/may-publish.ts'
import type { ApiClient } from '../platform/api-client.ts'
import type { Edition, Part } from './edition.ts'

/** How often an open edition is read again: its parts belong to several feeds, so no stream of one feed tells of all. */
const LOOK_MS = 1_000

export function useEdition(api: ApiClient, edition: string | undefined): UseQueryResult<Edition> {
  return useQuery({
    queryKey: ['edition', edition],
    queryFn: () => api.read<Edition>(`/v1/editions/${edition ?? ''}`),
    enabled: edition !== undefined,
    refetchInterval: LOOK_MS,
  })
}

/** The policies of feeds, in the order of their ids. */
export function usePolicies(api: ApiClient, feeds: readonly string[]): readonly (FeedPolicy | undefined)[] {
  return useQueries({
    queries: feeds.map((feed) => ({
      queryKey: ['policy', feed],
      queryFn: async () => (await api.read<{ policy: FeedPolicy }>(`/v1/feeds/${feed}/policy`)).policy,
    })),
  }).map(({ data }) => data)
}

interface Receipt {
  readonly releases: readonly { readonly written: number }[]
}

/** Deliveries of the newest release of each part, all together; undefined until the first is counted. */
export function useDeliveries(api: ApiClient, parts: readonly Part[]): number | undefined {
  const receipts = useQueries({
    queries: parts
      .filter(({ position }) => position !== undefined)
      .map(({ feed, id, version }) => ({
        queryKey: ['part-receipt', feed, id, version],
        queryFn: () => api.read<Receipt>(`/v1/feeds/${feed}/headlines/${id}/receipt`),
        refetchInterval: 2 * LOOK_MS,
      })),
  })
  const counts = receipts.flatMap(({ data }) => data?.releases.at(-1)?.written ?? [])
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0)
}
