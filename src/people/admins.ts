import type { Write } from '../eventlog/store/compare-and-write.ts'
import type { Store } from '../eventlog/store/store.ts'
import { accountsOf, type Account } from './account.ts'
import type { People } from './people.ts'

export function isAdmin(account: Account): boolean {
  return hasAdminRole(account) && !account.disabled
}

/** A disabled admin included: the account can be enabled again. */
export function hasAdminRole({ roles }: Pick<Account, 'roles'>): boolean {
  return roles['*'] === 'admin'
}

/**
 * Whether the change takes the role of an admin away for good while the two-person rule is on in a feed. It takes a
 * second admin; otherwise one admin could leave nobody who can approve or refuse. Disabling an account can be undone.
 */
export async function needsSecondAdmin(people: People, before: Account, after?: Account): Promise<boolean> {
  const takesRole = hasAdminRole(before) && !(after && hasAdminRole(after))
  return takesRole && (await people.twoPersonRuleIn(['*']))
}

/**
 * Guards on the admins who must remain after the change. Two must remain where the change takes a second admin, so that
 * approvals stay possible.
 */
export async function remainingAdmins(
  people: People,
  before: Account,
  after?: Account,
): Promise<Write[] | 'last-admin' | 'last-but-one-admin'> {
  if (!isAdmin(before) || (after && isAdmin(after))) return []
  const guards = await otherAdmins(people.store, before.id)
  if (guards.length === 0) return 'last-admin'
  const needed = (await needsSecondAdmin(people, before, after)) ? 2 : 1
  return guards.length < needed ? 'last-but-one-admin' : guards.slice(0, needed)
}

/** A guard on the account of an admin who can sign in; undefined when there is none. */
export async function otherAdmin(store: Store): Promise<Write[] | undefined> {
  const [guard] = await otherAdmins(store)
  return guard && [guard]
}

/**
 * Guards on the accounts of the other admins who can sign in. When two admins remove each other at the same time, the
 * second write fails at its guard, so one admin always remains.
 */
async function otherAdmins(store: Store, account?: string): Promise<Write[]> {
  const accounts = accountsOf(store)
  return (await accounts.list())
    .filter(({ record }) => record.id !== account && isAdmin(record) && canSignIn(record))
    .map((admin) => accounts.guard(admin))
}

function canSignIn({ passwordHash, singleSignOn }: Account): boolean {
  return passwordHash !== undefined || singleSignOn
}
