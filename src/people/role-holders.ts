import { roleIn } from '../protocol/feed-roles.ts'
import type { Role } from '../protocol/lists/roles.ts'
import { listAccounts } from './administration.ts'
import { listKeys } from './api-keys.ts'
import { listInvitations } from './invitations.ts'
import type { People } from './people.ts'

/** The people, keys and invitations that have a role in a feed; a role for all feeds counts. */
export interface RoleHolders {
  readonly accounts: readonly { id: string; name: string; role: Role; disabled: boolean }[]
  readonly keys: readonly { id: string; name: string; owner: string; role: Role }[]
  readonly invitations: readonly { id: string; email: string; by: string; role: Role }[]
}

/** Oldest first. */
export async function roleHolders(people: People, feed: string): Promise<RoleHolders> {
  const [accounts, keys, invitations] = await Promise.all([
    listAccounts(people),
    listKeys(people),
    listInvitations(people),
  ])
  const holders = <T extends { roles: Parameters<typeof roleIn>[0] }, U>(
    all: readonly T[],
    shown: (each: T, role: Role) => U,
  ): U[] =>
    all.flatMap((each) => {
      const role = roleIn(each.roles, feed)
      return role === undefined ? [] : [shown(each, role)]
    })
  return {
    accounts: holders(accounts, ({ id, name, disabled }, role) => ({ id, name, role, disabled })),
    keys: holders(keys, ({ id, name, owner }, role) => ({ id, name, owner, role })),
    invitations: holders(invitations, ({ id, email, by }, role) => ({ id, email, by, role })),
  }
}
