import type { People } from './people.ts'
import type { LiveSession, Origin } from './sessions.ts'

/**
 * Whether somebody knows the password of the account that they are signed in to: an open screen or a stolen cookie is
 * not enough. An account without one, which signs in elsewhere, has nothing to know. Errors: BusyError, UnavailableError.
 */
export async function knowsPassword(
  people: People,
  { owner: { email, passwordHash } }: LiveSession,
  { ip }: Origin,
  given: string | undefined,
): Promise<boolean> {
  if (passwordHash === undefined) return true
  const attempt = await people.throttle.attempt(`password ${email}`, ip)
  if (!(await people.passwords.isOf(given ?? '', passwordHash))) return false
  await attempt.succeeded()
  return true
}
