import type { Account } from './account.ts'
import { listAccounts } from './administration.ts'
import { isAdmin } from './admins.ts'
import type { People } from './people.ts'

const MAX_NAMES = 5

/** Names of admins who may approve now: all but these persons. Empty where there is none. */
export function approversFor(people: People, but: readonly string[]): Promise<string> {
  return namesWhere(people, (account) => isAdmin(account) && !but.includes(account.id))
}

/** Names of persons who can sign in and whom the test allows to approve. Empty where there is none. */
export async function namesWhere(people: People, mayApprove: (account: Account) => boolean): Promise<string> {
  const found = (await listAccounts(people)).filter((account) => !account.disabled && mayApprove(account))
  return found
    .slice(0, MAX_NAMES)
    .map(({ name }) => name)
    .join(', ')
}
