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
  { roles: own = {} }: Session,
  feed: string,
  policy: FeedPolicy | undefined,
  urgency: Urgency,
): boolean {
  const given = own[feed] ?? own['*']
  const role = roles.find((each) => each === given)
  const level = policy?.alone[urgency] ?? 'editor'
  return level !== 'nobody' && atLeast(role, level)
}
