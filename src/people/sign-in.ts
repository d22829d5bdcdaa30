import { accountOfEmail, accountsOf, actorAt, type Account } from './account.ts'
import { change } from './change.ts'
import type { People } from './people.ts'
import { actBy, flashline } from './principal.ts'
import { isSecretOf } from './secrets.ts'
import type { Attempt } from './throttle.ts'
import { afterCode } from './totp.ts'
import { openSession, type OpenedSession, type Origin } from './sessions.ts'

/** `in_<account>_<secret>` */
const SIGN_IN_TOKEN = /^in_(u_[0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

interface PasswordSignIn {
  readonly email: string
  readonly password: string
  /** The code of the second factor, or a recovery code. */
  readonly code?: string | undefined
}
export type SignIn = PasswordSignIn | { readonly token: string }

/**
 * Opens a session, or a half session when the account has a second factor. All refusals are equal and take equally
 * long, so that they do not reveal whether an account exists.
 */
export async function signIn(
  people: People,
  origin: Origin,
  given: SignIn,
): Promise<OpenedSession | 'sign-in-failed' | 'wrong-code'> {
  return 'token' in given ? signInOnce(people, origin, given.token) : withPassword(people, origin, given)
}

/** The token for the first sign-in to a new installation; it contains the account id. */
export function signInToken(account: string, secret: string): string {
  return `in_${account}_${secret}`
}

interface SignInRecord {
  readonly method: 'password' | 'token' | 'second-factor' | 'single-sign-on'
  readonly failedBefore?: number
  /** Returns the account to store after the sign-in; undefined refuses the sign-in. */
  readonly take?: (account: Account) => Account | undefined
}

/** Saves a sign-in with its audit entry, unless the account is disabled or `take` refuses. */
export function recordSignIn(
  people: People,
  { ip }: Origin,
  id: string,
  { method, failedBefore = 0, take = (account) => account }: SignInRecord,
): Promise<Account | 'sign-in-failed'> {
  const accounts = accountsOf(people.store)
  return change(people.store, async () => {
    const stored = await accounts.read(id)
    const account = stored?.record.disabled === false ? take(stored.record) : undefined
    if (!stored || !account) return 'sign-in-failed'
    return {
      writes: [accounts.replace(stored, account)],
      audit: {
        action: 'signed-in',
        act: actBy(actorAt(account, ip)),
        detail: { method, ...(failedBefore > 0 && { failedBefore }) },
      },
      result: account,
    }
  })
}

/**
 * When too many tries have failed, only the right password together with the right code of the second factor opens a
 * session. All other answers are then equal, so they do not reveal whether the password is right. Errors: BusyError.
 */
async function withPassword(people: People, origin: Origin, given: PasswordSignIn) {
  const attempt = await people.throttle.count(`password ${given.email}`, origin.ip)
  const { failedBefore, limit } = attempt
  if (limit && given.code === undefined) throw limit
  const account = (await accountOfEmail(people.store, given.email))?.record
  const right = await people.passwords.isOf(given.password, account?.passwordHash)
  if (!right || !account || account.disabled) {
    if (attempt.isReported && account) await auditGuessing(people, origin, account, attempt)
    if (limit) throw limit
    return 'sign-in-failed'
  }
  const { code } = given
  if (account.totp && code !== undefined) {
    const opened = await withCode(people, origin, account, { code, failedBefore })
    if (opened !== 'wrong-code') await attempt.succeeded()
    else if (limit) throw limit
    return opened
  }
  if (limit) throw limit
  await attempt.succeeded()
  if (account.totp) return openSession(people, account, origin, { half: true })
  const recorded = await recordSignIn(people, origin, account.id, { method: 'password', failedBefore })
  return recorded === 'sign-in-failed' ? recorded : openSession(people, recorded, origin)
}

/** Counts the tries of codes only after a right password, so that nobody else can use them up. Errors: BusyError. */
async function withCode(
  people: People,
  origin: Origin,
  { id, epoch }: Account,
  { code, failedBefore }: { readonly code: string; readonly failedBefore: number },
): Promise<OpenedSession | 'wrong-code'> {
  const attempt = await people.throttle.attempt(`code ${id}`, origin.ip)
  const recorded = await recordSignIn(people, origin, id, {
    method: 'second-factor',
    failedBefore,
    take: (account) => (account.epoch === epoch ? afterCode(account, code, people.clock()) : undefined),
  })
  if (recorded === 'sign-in-failed') return 'wrong-code'
  await attempt.succeeded()
  return openSession(people, recorded, origin, { secondFactor: true })
}

/** Writes two audit entries for many tries, so that guessing does not fill the audit. */
async function auditGuessing(
  { store }: People,
  { ip }: Origin,
  account: Account,
  { failedBefore, failedFromAddress }: Attempt,
): Promise<void> {
  const detail = {
    account: account.id,
    failed: failedBefore + 1,
    lastFrom: ip,
    failedFromAddress: failedFromAddress + 1,
  }
  const audit = { action: 'sign-ins-failed', act: actBy(flashline), detail }
  await change(store, () => ({ writes: [], audit, result: undefined }))
}

async function signInOnce(people: People, origin: Origin, token: string) {
  const [, id = '', secret = ''] = SIGN_IN_TOKEN.exec(token) ?? []
  const now = people.clock()
  const take = ({ signInToken: known, ...account }: Account) =>
    isSecretOf(secret, known?.hash) && known !== undefined && known.until > now ? account : undefined
  const recorded = await recordSignIn(people, origin, id, { method: 'token', take })
  return recorded === 'sign-in-failed' ? recorded : openSession(people, recorded, origin)
}
