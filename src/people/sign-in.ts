import { accountOfEmail, accountsOf, actorAt, type Account } from './account.ts'
import { change } from './change.ts'
import type { People } from './people.ts'
import { actBy, flashline } from './principal.ts'
import { isSecretOf } from './secrets.ts'
import { openSession, type OpenedSession, type Origin } from './sessions.ts'

/** `in_<account>_<secret>` */
const SIGN_IN_TOKEN = /^in_(u_[0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

export type SignIn = { readonly email: string; readonly password: string } | { readonly token: string }

/**
 * Opens a session; a half one where a second factor is still to come. Nobody learns from a refusal whether there is
 * such an account: each takes as long and says the same.
 */
export async function signIn(
  people: People,
  origin: Origin,
  given: SignIn,
): Promise<OpenedSession | 'sign-in-failed'> {
  return 'token' in given ? signInOnce(people, origin, given.token) : withPassword(people, origin, given)
}

/** The token of the first start, with its account's id in it. */
export function signInToken(account: string, secret: string): string {
  return `in_${account}_${secret}`
}

interface Noted {
  readonly method: 'password' | 'token' | 'second-factor' | 'single-sign-on'
  readonly failedBefore?: number
  /** The account after it; undefined where it may not be. */
  readonly take?: (account: Account) => Account | undefined
}

/** Writes down that somebody has signed in, if they still may. */
export function noteSignIn(
  people: People,
  { ip }: Origin,
  id: string,
  { method, failedBefore = 0, take = (account) => account }: Noted,
): Promise<Account | 'sign-in-failed'> {
  const accounts = accountsOf(people.store)
  return change(people.store, async () => {
    const seen = await accounts.read(id)
    const account = seen?.record.disabled === false ? take(seen.record) : undefined
    if (!seen || !account) return 'sign-in-failed'
    return {
      writes: [accounts.replace(seen, account)],
      audit: {
        action: 'signed-in',
        act: actBy(actorAt(account, ip)),
        detail: { method, ...(failedBefore > 0 && { failedBefore }) },
      },
      result: account,
    }
  })
}

async function withPassword(people: People, origin: Origin, given: { email: string; password: string }) {
  const attempt = await people.throttle.attempt(`password ${given.email}`, origin.ip)
  const account = (await accountOfEmail(people.store, given.email))?.record
  const right = await people.passwords.isOf(given.password, account?.passwordHash)
  if (!right || !account || account.disabled) {
    if (attempt.siegeBegins && account) await noteSiege(people, origin, account, attempt.failedBefore + 1)
    return 'sign-in-failed'
  }
  await attempt.succeeded()
  if (account.totp) return openSession(people, account, origin, { half: true })
  const { failedBefore } = attempt
  const noted = await noteSignIn(people, origin, account.id, { method: 'password', failedBefore })
  return noted === 'sign-in-failed' ? noted : openSession(people, noted, origin)
}

/** Once for many tries: whoever guesses must not fill the audit. */
async function noteSiege({ store }: People, { ip }: Origin, account: Account, failed: number): Promise<void> {
  const detail = { account: account.id, failed, lastFrom: ip }
  const audit = { action: 'sign-ins-failed', act: actBy(flashline), detail }
  await change(store, () => ({ writes: [], audit, result: undefined }))
}

async function signInOnce(people: People, origin: Origin, token: string) {
  const [, id = '', secret = ''] = SIGN_IN_TOKEN.exec(token) ?? []
  const now = people.clock()
  const take = ({ signInToken: known, ...account }: Account) =>
    isSecretOf(secret, known?.hash) && known !== undefined && known.until > now ? account : undefined
  const noted = await noteSignIn(people, origin, id, { method: 'token', take })
  return noted === 'sign-in-failed' ? noted : openSession(people, noted, origin)
}
