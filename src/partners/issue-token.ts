import { importJWK, SignJWT } from 'jose'
import type { People } from '../people/people.ts'
import { allowsOrigin } from '../protocol/origin-pattern.ts'
import { MAX_TOKEN_S, type TokenRequest } from '../protocol/partner-requests.ts'
import { DESK_READER, TOKEN_AUDIENCE } from '../protocol/partner-token.ts'
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
  return sign(people, id, lifetimeS, {
    key: keyId,
    ...(feeds && { feeds }),
    ...(origin !== undefined && { origin }),
  })
}

/** A token by which a person of the newsroom reads a feed on the desk. Errors: UnavailableError. */
export async function issueDeskToken(people: People, feed: string): Promise<IssuedToken> {
  return sign(people, DESK_READER.id, MAX_TOKEN_S, { key: DESK_READER.key, feeds: [feed] })
}

async function sign(
  people: People,
  subject: string,
  lifetimeS: number,
  claims: Readonly<Record<string, unknown>>,
): Promise<IssuedToken> {
  const { key, now } = await signingKey(people)
  const issuedS = Math.floor(now / 1_000)
  const endS = issuedS + lifetimeS
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', kid: key.id })
    .setSubject(subject)
    .setAudience(TOKEN_AUDIENCE)
    .setIssuedAt(issuedS)
    .setExpirationTime(endS)
    .sign(await importJWK({ ...key.publicKey, d: key.d }, 'EdDSA'))
  return { token, expiresAt: new Date(endS * 1_000).toISOString() }
}
