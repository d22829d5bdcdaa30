import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ApiClient } from '../platform/api-client.ts'
import type { Account, Invitation, Key } from './people.ts'

/** All accounts; undefined while they are read. */
export function useAccounts(api: ApiClient): readonly Account[] | undefined {
  return useQuery({
    queryKey: ['people', 'accounts'],
    queryFn: async () => (await api.read<{ accounts: readonly Account[] }>('/v1/accounts')).accounts,
  }).data
}

export function useInvitations(api: ApiClient): readonly Invitation[] | undefined {
  return useQuery({
    queryKey: ['people', 'invitations'],
    queryFn: async () =>
      (await api.read<{ invitations: readonly Invitation[] }>('/v1/invitations')).invitations,
  }).data
}

export function useApiKeys(api: ApiClient): readonly Key[] | undefined {
  return useQuery({
    queryKey: ['people', 'keys'],
    queryFn: async () => (await api.read<{ keys: readonly Key[] }>('/v1/keys')).keys,
  }).data
}

/** Makes all lists of people, invitations and keys be read again. */
export function useReadPeopleAgain(): () => void {
  const queries = useQueryClient()
  return () => void queries.invalidateQueries({ queryKey: ['people'] })
}
