import { z } from 'zod'
import { feedIdSchema } from './feed.ts'
import { atLeast, roles, type Role } from './lists/roles.ts'

/** Roles by feed; `*` stands for every feed, and for matters of no feed. */
export const feedRolesSchema = z
  .record(
    z.string().refine((scope) => scope === '*' || feedIdSchema.safeParse(scope).success, 'not a feed'),
    z.enum(roles),
  )
  .refine((given) => Object.keys(given).length <= 100, 'more than 100 feeds')
export type FeedRoles = z.output<typeof feedRolesSchema>

/** The greater of the role in the feed and the role in `*`. */
export function roleIn(given: FeedRoles, feed: string): Role | undefined {
  // A feed's id may be a name that every object inherits, such as `constructor`.
  const own = Object.hasOwn(given, feed) ? given[feed] : undefined
  const everywhere = given['*']
  return own !== undefined && atLeast(own, everywhere ?? own) ? own : everywhere
}

export function lesserRole(a: Role | undefined, b: Role | undefined): Role | undefined {
  if (a === undefined || b === undefined) return undefined
  return atLeast(a, b) ? b : a
}

/**
 * The feeds in which a person has a greater role in `next` than in `before`, where the new role is reporter or above.
 */
export function raisedIn(before: FeedRoles, next: FeedRoles): string[] {
  return Object.keys(next).filter((feed) => {
    const role = next[feed]
    return atLeast(role, 'reporter') && !atLeast(roleIn(before, feed), role ?? 'reporter')
  })
}
