import { roles, type Role } from '../../../src/protocol/lists/roles.ts'
import type { Session } from '../platform/api-client.ts'

export function roleIn({ roles: own = {} }: Session, feed: string): Role | undefined {
  const given = own[feed] ?? own['*']
  return roles.find((each) => each === given)
}
