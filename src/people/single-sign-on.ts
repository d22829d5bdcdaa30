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
import { noteSignIn } from './sign-in.ts'

/** For somebody who signs in at the provider, with the password forgotten and found again. */
const UNDER_WAY_MS = 10 * 60_000
const PROVIDER_LIMIT_S = 10

export interface SsoSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Where the provider sends people back to: `https://…/v1/sso/callback`. */
  readonly redirectUrl: string
  /** Values of `amr` or `acr` that count as a second factor. */
  readonly secondFactor: readonly string[]
}

const underWaySchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() })

/** What is believed of a person's claims, once the signature is checked. */
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

  /** `fetch` is how the provider is reached, where that is not the usual way. */
  constructor(people: People, settings: SsoSettings, logger: Logger, fetch?: oidc.CustomFetch) {
    this.#fetch = fetch
    this.#people = people
    this.#settings = settings
    this.#logger = logger
  }

  /** Where to send the browser, and the token that it must bring back. */
  async start(): Promise<{ url: string; token: string } | 'sso-unavailable'> {
    const provider = await this.#discovered()
    if (!provider) return 'sso-unavailable'
    const token = this.#people.ids.secret()
    const underWay = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    }
    await answered(
      this.#people.store.redis.set(this.#key(token), JSON.stringify(underWay), 'PX', UNDER_WAY_MS),
    )
    const url = oidc.buildAuthorizationUrl(provider, {
      redirect_uri: this.#settings.redirectUrl,
      scope: 'openid email profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(underWay.verifier),
      code_challenge_method: 'S256',
      state: underWay.state,
      nonce: underWay.nonce,
    })
    return { url: url.href, token }
  }

  /** `query` is what the provider has sent the browser back with, `token` what the browser got from `start`. */
  async finish(query: string, token: string, origin: Origin): Promise<OpenedSession | SsoRefusal> {
    // Taken away as it is read: an answer of the provider counts once.
    const raw = await answered(this.#people.store.redis.getdel(this.#key(token)))
    if (raw === null) return 'sso-failed'
    const provider = await this.#discovered()
    if (!provider) return 'sso-unavailable'
    const claims = await this.#claims(provider, query, underWaySchema.parse(JSON.parse(raw)))
    if (!claims) return 'sso-failed'
    const email = emailSchema.safeParse(claims.email)
    if (claims.email_verified !== true || !email.success) return 'sso-email-unverified'
    const account = await this.#accountOf(email.data, claims.name, origin)
    if (!account) return 'sso-unknown-person'
    const noted = await noteSignIn(this.#people, origin, account.id, {
      method: 'single-sign-on',
      take: (known) => ({ ...known, singleSignOn: true }),
    })
    if (noted === 'sign-in-failed') return 'sso-unknown-person'
    const { secondFactor: accepted } = this.#settings
    const secondFactor = [...claims.amr, claims.acr].some(
      (value) => value !== undefined && accepted.includes(value),
    )
    return openSession(this.#people, noted, origin, { secondFactor })
  }

  /** An account with this email, or else one that is invited. */
  async #accountOf(email: string, name: unknown, { ip }: Origin): Promise<Account | undefined> {
    const known = await accountOfEmail(this.#people.store, email)
    if (known) return known.record
    const called = plainLine(80).safeParse(name).data ?? email
    const made = await acceptByEmail(this.#people, ip, email, called)
    return typeof made === 'string' ? undefined : made
  }

  async #claims(provider: oidc.Configuration, query: string, underWay: z.output<typeof underWaySchema>) {
    const url = new URL(this.#settings.redirectUrl)
    url.search = query
    try {
      const tokens = await oidc.authorizationCodeGrant(provider, url, {
        pkceCodeVerifier: underWay.verifier,
        expectedState: underWay.state,
        expectedNonce: underWay.nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) return undefined
      // Many providers tell the email only there.
      const more =
        claims.email === undefined ? await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub) : {}
      return claimsSchema.safeParse({ ...more, ...claims }).data
    } catch (error) {
      this.#logger.warn({ event: 'sso-failed', error: messageOf(error) })
      return undefined
    }
  }

  async #discovered(): Promise<oidc.Configuration | undefined> {
    const { issuer, clientId, clientSecret } = this.#settings
    this.#provider ??= oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: PROVIDER_LIMIT_S,
      ...(this.#fetch && { [oidc.customFetch]: this.#fetch }),
    })
    try {
      return await this.#provider
    } catch (error) {
      this.#logger.warn({ event: 'sso-unavailable', error: messageOf(error) })
      // The next one asks again.
      this.#provider = undefined
      return undefined
    }
  }

  #key(token: string): string {
    return this.#people.store.keys.desk.session(`sso:${hashOf(token)}`)
  }
}
