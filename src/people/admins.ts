import type { Write } from '../eventlog/store/compare-and-write.ts'
import type { Store } from '../eventlog/store/store.ts'
import { accountsOf, type Account } from './account.ts'

export function isAdmin({ roles, disabled }: Account): boolean {
  return roles['*'] === 'admin' && !disabled
}

/**
 * A guard on the account of another admin who can sign in; undefined when there is none. When two admins remove each
 * other at the same time, the second write fails at its guard, so one admin always remains.
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
