import type { Store } from '../eventlog/store/store.ts'
import { systemClock } from '../platform/clock.ts'
import { invite } from './invitations.ts'
import { randomPeopleIds } from './people.ts'

/**
 * Invites an admin without an approval, for the operator of the machine, when no second admin is left. `operator` is
 * the name in the audit.
 */
export function inviteAdmin(store: Store, email: string, operator: string) {
  const parts = {
    store,
    clock: systemClock,
    ids: randomPeopleIds,
    twoPersonRuleIn: () => Promise.resolve(false),
  }
  const actor = { credential: 'operator', person: 'operator', name: operator }
  return invite(parts, actor, { email, roles: { '*': 'admin' } })
}
