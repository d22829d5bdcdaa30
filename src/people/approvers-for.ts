import { listAccounts } from './administration.ts'
import { isAdmin } from './admins.ts'
import type { People } from './people.ts'

const MAX_NAMES = 5

/** Names of admins who may approve now: all but these persons. Empty where there is none. */
export async function approversFor(people: People, but: readonly string[]): Promise<string> {
  const admins = (await listAccounts(people)).filter(
    (account) => isAdmin(account) && !but.includes(account.id),
  )
  return admins
    .slice(0, MAX_NAMES)
    .map(({ name }) => name)
    .join(', ')
}
