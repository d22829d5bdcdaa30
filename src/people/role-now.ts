import type { Act } from '../eventlog/store/act.ts'
import { lesserRole, roleIn } from '../protocol/feed-roles.ts'
import type { Role } from '../protocol/lists/roles.ts'
import { readKey, rolesOfOwner } from './api-keys.ts'
import type { People } from './people.ts'

/** The role in a feed that the actor of an earlier act has now; undefined when the key or account is gone. */
export async function roleNow(
  people: People,
  { by, person }: Pick<Act, 'by' | 'person'>,
  feed: string,
): Promise<Role | undefined> {
  const roles = await rolesOfOwner(people.store, person)
  if (!roles) return undefined
  if (!by.startsWith('key:')) return roleIn(roles, feed)
  const key = await readKey(people, by.slice('key:'.length))
  return key && lesserRole(roleIn(key.roles, feed), roleIn(roles, feed))
}
