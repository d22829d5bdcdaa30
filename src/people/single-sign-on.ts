import * as oidc from 'openid-client'
import { z } from 'zod'
import { answered } from '../eventlog/store/scripts.ts'
import { messageOf } from '../platform/errors.ts'
import type { Logger } from '../platform/logger.ts'
import { emailSchema } from '../protocol/people-requests.ts'
import { plainLine } from '../protocol/text.ts'
import { accountOfEmail, type Account } from './account.ts'
import { acceptByEmail } from './invitations.ts'
import type { People } from './people.ts'
import { hashOf } from './secrets.ts'
import { openSession, type OpenedSession, type Origin } from './sessions.ts'
import { recordSignIn } from './sign-in.ts'

/** Time to sign in at the provider, long enough to reset a forgotten password there. */
const PENDING_SIGN_IN_MS = 10 * 60_000
const PROVIDER_TIMEOUT_S = 10

export interface SsoSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** URL to which the provider sends the browser back: `https://…/v1/sso/callback`. */
  readonly redirectUrl: string
  /** Values of `amr` or `acr` that count as a second factor. */
  readonly secondFactor: readonly string[]
}

const pendingSignInSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() })

/** The claims that Flashline uses, after the signature is checked. */
const claimsSchema = z.object({
  email: z.string().optional(),
  email_verified: z.unknown(),
  name: z.unknown(),
  acr: z.string().optional().catch(undefined),
  amr: z.array(z.string()).catch([]),
})

export type SsoRefusal = 'sso-failed' | 'sso-email-unverified' | 'sso-unknown-person' | 'sso-unavailable'

/** Single sign-on at one OpenID provider: authorization code with PKCE, state and nonce. */
export class SingleSignOn {
  readonly #people: People
  readonly #settings: SsoSettings
  readonly #logger: Logger
  readonly #fetch: oidc.CustomFetch | undefined
  #provider: Promise<oidc.Configuration> | undefined

  /** `fetch` replaces the global one for requests to the provider. */
  constructor(people: People, settings: SsoSettings, logger: Logger, fetch?: oidc.CustomFetch) {
    this.#fetch = fetch
    this.#people = people
    this.#settings = settings
    this.#logger = logger
  }

  /** Begins a sign-in: returns the provider's URL for the browser, and a token that `finish` needs. */
  async start(): Promise<{ url: string; token: string } | 'sso-unavailable'> {
    const provider = await this.#discoverProvider()
    if (!provider) return 'sso-unavailable'
    const token = this.#people.ids.secret()
    const pending = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    }
    await answered(
      this.#people.store.redis.set(this.#key(token), JSON.stringify(pending), 'PX', PENDING_SIGN_IN_MS),
    )
    const url = oidc.buildAuthorizationUrl(provider, {
      redirect_uri: this.#settings.redirectUrl,
      scope: 'openid email profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      state: pending.state,
      nonce: pending.nonce,
    })
    return { url: url.href, token }
  }

  /** `query` is the query of the provider's redirect; `token` comes from `start`. */
  async finish(query: string, token: string, origin: Origin): Promise<OpenedSession | SsoRefusal> {
    // GETDEL deletes the pending sign-in, so an answer of the provider is accepted once.
    const raw = await answered(this.#people.store.redis.getdel(this.#key(token)))
    if (raw === null) return 'sso-failed'
    const provider = await this.#discoverProvider()
    if (!provider) return 'sso-unavailable'
    const claims = await this.#claims(provider, query, pendingSignInSchema.parse(JSON.parse(raw)))
    if (!claims) return 'sso-failed'
    const email = emailSchema.safeParse(claims.email)
    if (claims.email_verified !== true || !email.success) return 'sso-email-unverified'
    const account = await this.#accountOf(email.data, claims.name, origin)
    if (!account) return 'sso-unknown-person'
    const recorded = await recordSignIn(this.#people, origin, account.id, {
      method: 'single-sign-on',
      take: (stored) => ({ ...stored, singleSignOn: true }),
    })
    if (recorded === 'sign-in-failed') return 'sso-unknown-person'
    const { secondFactor: accepted } = this.#settings
    const secondFactor = [...claims.amr, claims.acr].some(
      (value) => value !== undefined && accepted.includes(value),
    )
    return openSession(this.#people, recorded, origin, { secondFactor })
  }

  /** The account with this email, or a new account when the email has an invitation. */
  async #accountOf(email: string, name: unknown, { ip }: Origin): Promise<Account | undefined> {
    const existing = await accountOfEmail(this.#people.store, email)
    if (existing) return existing.record
    const accountName = plainLine(80).safeParse(name).data ?? email
    const account = await acceptByEmail(this.#people, ip, email, accountName)
    return typeof account === 'string' ? undefined : account
  }

  async #claims(provider: oidc.Configuration, query: string, pending: z.output<typeof pendingSignInSchema>) {
    const url = new URL(this.#settings.redirectUrl)
    url.search = query
    try {
      const tokens = await oidc.authorizationCodeGrant(provider, url, {
        pkceCodeVerifier: pending.verifier,
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) return undefined
      // Many providers give the email only at their userinfo endpoint.
      const userInfo =
        claims.email === undefined ? await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub) : {}
      return claimsSchema.safeParse({ ...userInfo, ...claims }).data
    } catch (error) {
      this.#logger.warn({ event: 'sso-failed', error: messageOf(error) })
      return undefined
    }
  }

  async #discoverProvider(): Promise<oidc.Configuration | undefined> {
    const { issuer, clientId, clientSecret } = this.#settings
    this.#provider ??= oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: PROVIDER_TIMEOUT_S,
      ...(this.#fetch && { [oidc.customFetch]: this.#fetch }),
    })
    try {
      return await this.#provider
    } catch (error) {
      this.#logger.warn({ event: 'sso-unavailable', error: messageOf(error) })
      // The next sign-in tries the discovery again.
      this.#provider = undefined
      return undefined
    }
  }

  #key(token: string): string {
    return this.#people.store.keys.desk.session(`sso:${hashOf(token)}`)
  }
}
