import { importJWK, SignJWT } from 'jose'
import type { People } from '../people/people.ts'
import { allowsOrigin } from '../protocol/origin-pattern.ts'
import type { TokenRequest } from '../protocol/partner-requests.ts'
import { TOKEN_AUDIENCE } from '../protocol/partner-token.ts'
import type { Partner } from './partner.ts'
import { signingKey } from './signing-key.ts'

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: string
}

/**
 * A token by which a page or an app of the partner reads for some minutes. It ends with the key that it was made with.
 * Errors: UnavailableError.
 */
export async function issueToken(
  people: People,
  { id, settings }: Partner,
  keyId: string,
  { feeds, origin, lifetimeS }: TokenRequest,
): Promise<IssuedToken | 'no-such-feed' | 'origin-refused'> {
  const mayRead = (feed: string) => settings.feeds.includes('*') || settings.feeds.includes(feed)
  if (feeds && !feeds.every(mayRead)) return 'no-such-feed'
  if (origin !== undefined && !allowsOrigin(settings.origins, origin)) return 'origin-refused'
  const { key, now } = await signingKey(people)
  const issuedS = Math.floor(now / 1_000)
  const endS = issuedS + lifetimeS
  const token = await new SignJWT({
    key: keyId,
    ...(feeds && { feeds }),
    ...(origin !== undefined && { origin }),
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.id })
    .setSubject(id)
    .setAudience(TOKEN_AUDIENCE)
    .setIssuedAt(issuedS)
    .setExpirationTime(endS)
    .sign(await importJWK({ ...key.publicKey, d: key.d }, 'EdDSA'))
  return { token, expiresAt: new Date(endS * 1_000).toISOString() }
}
