import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ApiClient } from '../platform/api-client.ts'
import type { Delivery, FeedWebhook, Recall, Webhooks } from './webhooks.ts'

/** Deliveries go on by themselves, so what the page shows is read again. */
const AGAIN_MS = 5_000
const NOTICES_MS = 10_000

/** The webhooks of a partner; undefined while they are read. */
export function useWebhooks(api: ApiClient, partner: string): Webhooks | undefined {
  return useQuery({
    queryKey: ['webhooks', partner],
    queryFn: () => api.read<Webhooks>(`/v1/partners/${partner}/webhooks`),
    refetchInterval: AGAIN_MS,
  }).data
}

/** Makes webhooks and their deliveries be read again. */
export function useReadWebhooksAgain(): () => void {
  const queries = useQueryClient()
  return () => void queries.invalidateQueries({ queryKey: ['webhooks'] })
}

/** The newest tries at a webhook; undefined while they are read. */
export function useDeliveries(api: ApiClient, path: string): readonly Delivery[] | undefined {
  return useQuery({
    queryKey: ['webhooks', 'deliveries', path],
    queryFn: async () =>
      (await api.read<{ deliveries: readonly Delivery[] }>(`${path}/deliveries?limit=20`)).deliveries,
    refetchInterval: AGAIN_MS,
  }).data
}

/** The webhooks of a feed that get nothing, and its withdrawals that a partner has not acknowledged. */
export function usePartnerNotices(
  api: ApiClient,
  feed: string,
): { readonly webhooks: readonly FeedWebhook[]; readonly recalls: readonly Recall[] } | undefined {
  return useQuery({
    queryKey: ['webhooks', 'notices', feed],
    queryFn: async () => {
      const path = `/v1/feeds/${feed}`
      const [{ webhooks }, { recalls }] = await Promise.all([
        api.read<{ webhooks: readonly FeedWebhook[] }>(`${path}/webhooks`),
        api.read<{ recalls: readonly Recall[] }>(`${path}/recalls?only=missing&limit=10`),
      ])
      const failing = webhooks.filter(({ status, failures }) => status !== 'on' || failures > 0)
      return { webhooks: failing.filter(({ status }) => status !== 'ended'), recalls }
    },
    refetchInterval: NOTICES_MS,
  }).data
}
