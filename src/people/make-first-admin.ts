import { accountsOf, addAccount, newAccount, type Account } from './account.ts'
import { change } from './change.ts'
import type { People } from './people.ts'
import { actBy, flashline } from './principal.ts'
import { hashOf } from './secrets.ts'
import { signInToken } from './sign-in.ts'

const FIRST_SIGN_IN_MS = 24 * 3_600_000

/**
 * Creates the first account of a new installation and returns a token that signs in to it once, within 24 h.
 * Undefined when an account exists already.
 */
export async function makeFirstAdmin(people: People, email: string): Promise<string | undefined> {
  const secret = people.ids.secret()
  const signInOnce = { hash: hashOf(secret), until: people.clock() + FIRST_SIGN_IN_MS }
  const created = await change(people.store, async () => {
    if (!(await accountsOf(people.store).isEmpty())) return 'exists'
    const account: Account = {
      ...newAccount(people, { email, name: 'Admin', roles: { '*': 'admin' } }),
      signInToken: signInOnce,
    }
    return {
      writes: addAccount(people.store, account),
      audit: { action: 'account-created', act: actBy(flashline), detail: { account: account.id, email } },
      result: account,
    }
  })
  return created === 'exists' ? undefined : signInToken(created.id, secret)
}
