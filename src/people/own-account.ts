import { accountsOf, actorAt, type Account } from './account.ts'
import { change } from './change.ts'
import { knowsPassword } from './knows-password.ts'
import type { People } from './people.ts'
import { actBy } from './principal.ts'
import {
  endSession,
  listSessions,
  openSession,
  sessionId,
  type LiveSession,
  type OpenedSession,
  type Origin,
} from './sessions.ts'

/**
 * Sets a new password and ends all other sessions. An account that has a password must give it as `current`; a second
 * factor that the account has must have been given in this session.
 */
export async function changePassword(
  people: People,
  session: LiveSession,
  origin: Origin,
  { current, password }: { readonly current?: string | undefined; readonly password: string },
): Promise<
  OpenedSession | 'unauthenticated' | 'wrong-password' | 'fresh-sign-in-needed' | 'second-factor-required'
> {
  const { passwordHash, totp } = session.owner
  if (totp && !session.secondFactor) return 'second-factor-required'
  const proof = await knowsPassword(people, session, origin, current)
  if (proof !== 'known') return proof
  const next = await people.passwords.hash(password)
  // The new epoch ends all sessions of the account.
  const account = await replaceOwn(people, session, origin, 'password-changed', (old) =>
    old.passwordHash === passwordHash ? { ...old, passwordHash: next, epoch: old.epoch + 1 } : undefined,
  )
  if (typeof account === 'string') return account
  const { secondFactor, signedInAt } = session
  const opened = await openSession(people, account, origin, { secondFactor, signedInAt })
  await endSession(people, session)
  return opened
}

export async function signOut(people: People, session: LiveSession, { ip }: Origin): Promise<void> {
  await endSession(people, session)
  await change(people.store, () => ({
    writes: [],
    audit: { action: 'signed-out', act: actBy(actorAt(session.owner, ip)) },
    result: undefined,
  }))
}

/** Ends one session of the same account. */
export async function endOneSession(
  people: People,
  session: LiveSession,
  { ip }: Origin,
  id: string,
): Promise<undefined | 'no-such-session'> {
  const sessions = await listSessions(people, session.account)
  const found = sessions.find((each) => sessionId(each) === id)
  if (!found) return 'no-such-session'
  await endSession(people, found)
  await change(people.store, () => ({
    writes: [],
    audit: { action: 'session-ended', act: actBy(actorAt(session.owner, ip)), detail: { session: id } },
    result: undefined,
  }))
  return undefined
}

/** Ends every session of the account, also the session of this request. */
export async function signOutEverywhere(people: People, session: LiveSession, origin: Origin): Promise<void> {
  await replaceOwn(people, session, origin, 'signed-out-everywhere', (old) => ({
    ...old,
    epoch: old.epoch + 1,
  }))
}

function replaceOwn(
  people: People,
  session: LiveSession,
  { ip }: Origin,
  action: string,
  next: (account: Account) => Account | undefined,
): Promise<Account | 'unauthenticated'> {
  const accounts = accountsOf(people.store)
  return change(people.store, async () => {
    const stored = await accounts.read(session.account)
    const account = stored?.record.epoch === session.epoch ? next(stored.record) : undefined
    if (!stored || !account) return 'unauthenticated'
    return {
      writes: [accounts.replace(stored, account)],
      audit: { action, act: actBy(actorAt(account, ip)) },
      result: account,
    }
  })
}
