import { useQuery } from '@tanstack/react-query'
import type { Urgency } from '../../../src/protocol/lists/urgencies.ts'
import type { ApiClient } from '../platform/api-client.ts'

type UndoMs = Readonly<Record<Urgency, number>>

/** How long a released line of each urgency can be taken back in this feed. */
export function useUndoWindows(api: ApiClient, feed: string): UndoMs | undefined {
  const { data } = useQuery({
    // The composer reads the same policy.
    queryKey: ['policy', feed],
    queryFn: async () => (await api.read<{ policy: { undoMs: UndoMs } }>(`/v1/feeds/${feed}/policy`)).policy,
  })
  return data?.undoMs
}
