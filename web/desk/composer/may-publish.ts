import { atLeast, roles, type Role } from '../../../src/protocol/lists/roles.ts'
import type { Urgency } from '../../../src/protocol/lists/urgencies.ts'
import type { Session } from '../platform/api-client.ts'

/** The parts of a feed's policy that the composer shows. The API decides. */
export interface FeedPolicy {
  readonly alone: Readonly<Record<Urgency, Role | 'nobody'>>
  readonly maxGraphemes: number
}

/** Whether the person may publish a headline of this urgency alone, as far as the desk knows the policy. */
export function mayPublish(
  session: Session,
  feed: string,
  policy: FeedPolicy | undefined,
  urgency: Urgency,
): boolean {
  const level = policy?.alone[urgency] ?? 'editor'
  return level !== 'nobody' && hasRole(session, feed, level)
}

/** By the role in the feed, or that in all feeds. */
export function hasRole({ roles: own = {} }: Session, feed: string, least: Role): boolean {
  return [own[feed], own['*']].some((given) =>
    atLeast(
      roles.find((each) => each === given),
      least,
    ),
  )
}
