import type { People } from './people.ts'
import type { LiveSession, Origin } from './sessions.ts'

/**
 * Checks the password of a signed-in person again, so that an unlocked computer or a stolen cookie is not enough. True
 * for an account without a password, which uses single sign-on. Errors: BusyError, UnavailableError.
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
