import type { Write } from '../eventlog/store/compare-and-write.ts'
import type { Store } from '../eventlog/store/store.ts'
import { accountsOf, type Account } from './account.ts'

export function isAdmin({ roles, disabled }: Account): boolean {
  return roles['*'] === 'admin' && !disabled
}

/**
 * A guard on an admin's account that somebody can sign in to, other than this one; undefined where there is none. Two
 * admins who take each other away meet at it: the second one finds the guard changed.
 */
export async function otherAdmin(store: Store, account?: string): Promise<Write[] | undefined> {
  const accounts = accountsOf(store)
  const other = (await accounts.list()).find(
    ({ record }) => record.id !== account && isAdmin(record) && canSignIn(record),
  )
  return other && [accounts.guard(other)]
}

function canSignIn({ passwordHash, singleSignOn }: Account): boolean {
  return passwordHash !== undefined || singleSignOn
}
