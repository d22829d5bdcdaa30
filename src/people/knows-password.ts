import type { People } from './people.ts'
import { isFresh, type LiveSession, type Origin } from './sessions.ts'

/**
 * Checks the password of a signed-in person again, so that an unlocked computer or a stolen cookie is not enough. An
 * account without a password, which uses single sign-on, takes a fresh sign-in instead. The first account of an
 * installation cannot sign in again before it has a password. Errors: BusyError, UnavailableError.
 */
export async function knowsPassword(
  people: People,
  session: LiveSession,
  { ip }: Origin,
  given: string | undefined,
): Promise<'known' | 'wrong-password' | 'fresh-sign-in-needed'> {
  const { passwordHash, singleSignOn } = session.owner
  if (passwordHash === undefined)
    return singleSignOn && !isFresh(people, session) ? 'fresh-sign-in-needed' : 'known'
  // Apart from the sign-ins: other people's failures at the same address do not stop a person who is signed in.
  const attempt = await people.throttle.attempt(`own password ${session.account}`, ip)
  if (!(await people.passwords.isOf(given ?? '', passwordHash))) return 'wrong-password'
  await attempt.succeeded()
  return 'known'
}
