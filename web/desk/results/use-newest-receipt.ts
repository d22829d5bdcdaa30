import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Headline } from '../../sdk/types.ts'
import type { ApiClient } from '../platform/api-client.ts'
import type { NewestReceipt } from './newest-receipt.ts'
import type { Painting } from './painting.ts'

/** The receipt of a line as the API answers it. */
interface LineReceipt {
  readonly releases: readonly NewestReceipt[]
  readonly onAir?: readonly Painting[]
}

/** The figures of a line's newest release; they are read anew while they show. */
export function useLineReceipt(
  api: ApiClient,
  feed: string,
  id: string | undefined,
  { staysUntilNext = false } = {},
): NewestReceipt | undefined {
  const { data } = useQuery({
    ...receiptOf(api, feed, id),
    ...(staysUntilNext && { placeholderData: keepPreviousData }),
  })
  return data?.releases.at(-1)
}

/** When outputs on air have shown the line; they are read anew while they show. */
export function useLinePaintings(api: ApiClient, feed: string, id: string): readonly Painting[] {
  return useQuery(receiptOf(api, feed, id)).data?.onAir ?? []
}

function receiptOf(api: ApiClient, feed: string, id: string | undefined) {
  return {
    queryKey: ['receipt', feed, id],
    queryFn: () => api.read<LineReceipt>(`/v1/feeds/${feed}/headlines/${id ?? ''}/receipt`),
    enabled: id !== undefined,
    refetchInterval: READ_AGAIN_MS,
  }
}

const READ_AGAIN_MS = 5_000

/** The figures of the newest release: as the stream brings them, and before that those of the newest line. */
export function useNewestReceipt(
  api: ApiClient,
  feed: string,
  streamed: NewestReceipt | undefined,
  lines: readonly Headline[] | undefined,
): NewestReceipt | undefined {
  let newest: Headline | undefined
  for (const line of lines ?? []) if (!newest || line.updatedAt > newest.updatedAt) newest = line
  // A newer line has no figures for a moment: those of the one before it stay, or else the calm page would keep none.
  const read = useLineReceipt(api, feed, streamed ? undefined : newest?.id, { staysUntilNext: true })
  return streamed ?? read
}
