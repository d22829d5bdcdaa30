import { useQuery } from '@tanstack/react-query'
import { atLeast, roles } from '../../../src/protocol/lists/roles.ts'
import type { ApiClient, Session } from '../platform/api-client.ts'

export interface Author {
  readonly id: string
  readonly name: string
}

/** The people by whom a search can ask. Only chiefs may list the others. */
export function useAuthors(api: ApiClient, session: Session, feed: string): readonly Author[] {
  const { person, name, roles: own = {} } = session
  const isChief = [own[feed], own['*']].some((given) =>
    atLeast(
      roles.find((role) => role === given),
      'chief',
    ),
  )
  const { data } = useQuery({
    queryKey: ['role-holders', feed],
    queryFn: async () =>
      (await api.read<{ accounts: readonly Author[] }>(`/v1/feeds/${feed}/roles`)).accounts,
    enabled: isChief,
  })
  const others = data?.filter(({ id }) => id !== person) ?? []
  return [{ id: person, name }, ...others]
}
