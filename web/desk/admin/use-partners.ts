import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ApiClient } from '../platform/api-client.ts'
import type { Partner, PartnerUsage } from './partners.ts'

/** All partners; undefined while they are read. */
export function usePartners(api: ApiClient): readonly Partner[] | undefined {
  return useQuery({
    queryKey: ['partners', 'list'],
    queryFn: async () => (await api.read<{ partners: readonly Partner[] }>('/v1/partners')).partners,
  }).data
}

/** How much a partner has read in the last 30 days; undefined while it is read. */
export function usePartnerUsage(api: ApiClient, id: string): PartnerUsage | undefined {
  return useQuery({
    queryKey: ['partners', 'usage', id],
    queryFn: () => api.read<PartnerUsage>(`/v1/partners/${id}/usage`),
  }).data
}

/** Makes the partners be read again. */
export function useReadPartnersAgain(): () => void {
  const queries = useQueryClient()
  return () => void queries.invalidateQueries({ queryKey: ['partners', 'list'] })
}
