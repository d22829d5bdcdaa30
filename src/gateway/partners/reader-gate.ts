import type { IncomingMessage } from 'node:http'
import { decodeProtectedHeader, errors, jwtVerify, type CryptoKey } from 'jose'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import { Problem } from '../../platform/problem.ts'
import { MAX_TOKEN_S } from '../../protocol/partner-requests.ts'
import { DESK_READER, TOKEN_AUDIENCE, tokenClaimsSchema } from '../../protocol/partner-token.ts'
import { parseUrl } from '../../protocol/parse-url.ts'
import { credentialOf, type Credential } from './credential-of.ts'
import { deskReader } from './desk-reader.ts'
import { PartnerTable } from './partner-table.ts'
import { allowsItsOrigin, isValidAt, opens, type ReaderPass } from './reader-pass.ts'
import type { RequestLimits } from './request-limits.ts'
import type { UsageCounts } from './usage-counts.ts'
import type { Store } from '../../eventlog/store/store.ts'

/** Tokens of a key that is not known yet make the gateway look for it at most so often. */
const LOOK_GAP_MS = 1_000

export interface GateDeps {
  readonly store: Store
  readonly logger: Logger
  /** Redis's clock, in ms. */
  readonly now: () => number
  readonly limits: RequestLimits
  readonly usage: UsageCounts
}

/** One reader's stream that was opened with a pass. */
export interface OpenReading {
  readonly pass: ReaderPass
  readonly feed: string
  /** Sends the reader away, because the pass does not open the feed any more. */
  readonly end: () => void
}

/**
 * Decides which readers may get the feeds that are for partners, by keys and tokens that it checks in memory, and sends
 * away the readers whose pass has ended.
 */
export class ReaderGate {
  readonly #deps: GateDeps
  readonly #table: PartnerTable
  readonly #passes = new WeakMap<IncomingMessage, Promise<ReaderPass | undefined>>()
  readonly #readings = new Set<OpenReading>()
  #lookedAt = -Infinity
  /** Whether the last look has failed. */
  #isUnread = false
  #looking: Promise<void> | undefined

  constructor(deps: GateDeps) {
    this.#deps = deps
    this.#table = new PartnerTable(deps.store)
  }

  get limits(): RequestLimits {
    return this.#deps.limits
  }

  get usage(): UsageCounts {
    return this.#deps.usage
  }

  jwks(): object {
    if (!this.#table.loaded) throw new Problem('feed-loading')
    return this.#table.jwks()
  }

  knowsOrigin(origin: string): boolean {
    return this.#table.knowsOrigin(origin)
  }

  /**
   * The pass of a request, found once; undefined for a request without a key or token, which gets what is public.
   * Errors: Problem.
   */
  passOf(request: IncomingMessage, credentialIn = credentialOf): Promise<ReaderPass | undefined> {
    const known = this.#passes.get(request)
    if (known) return known
    const credential = credentialIn(request)
    const pass = credential ? this.#passFor(credential, request) : Promise.resolve(undefined)
    this.#passes.set(request, pass)
    return pass
  }

  /** Whether a pass that was valid still opens the feed, with the partner's settings of now. */
  stillOpens(pass: ReaderPass, feed: string): boolean {
    const { id } = pass.partner
    const partner = id === DESK_READER.id ? pass.partner : this.#table.byId(id)
    if (!partner) return false
    const now = { ...pass, partner }
    return (
      isValidAt(now, this.#deps.now()) && opens(now, feed) && allowsItsOrigin(now) && sameFilter(pass, now)
    )
  }

  /** Watches a stream until `leave`. */
  enter(reading: OpenReading): { leave(): void } {
    this.#readings.add(reading)
    return { leave: () => void this.#readings.delete(reading) }
  }

  /**
   * Looks whether the partners have changed, and sends away the readers whose pass has ended, by a change or by time.
   * Never rejects: while Redis is away, the partners of before hold.
   */
  async look(): Promise<void> {
    this.#looking ??= this.#table
      .look()
      .then(
        () => {
          this.#isUnread = false
        },
        (error: unknown) => {
          // Each look fails while Redis is away: the first one is enough for the log.
          if (!this.#isUnread) this.#deps.logger.warn({ event: 'partners-not-read', error: messageOf(error) })
          this.#isUnread = true
        },
      )
      .finally(() => (this.#looking = undefined))
    await this.#looking
    this.#endReadings()
  }

  /** For a message that says that partners have changed: a look that runs already may have read too early. */
  async lookAgain(): Promise<void> {
    await this.#looking
    await this.look()
  }

  /** Writes the last counts. */
  async close(): Promise<void> {
    this.limits.close()
    await this.usage.close()
  }

  #endReadings(): void {
    for (const reading of [...this.#readings]) {
      if (this.stillOpens(reading.pass, reading.feed)) continue
      this.#readings.delete(reading)
      reading.end()
    }
  }

  async #passFor(credential: Credential, request: IncomingMessage): Promise<ReaderPass> {
    if (!this.#table.loaded) throw new Problem('feed-loading')
    const origin = otherOrigin(request)
    const pass =
      credential.kind === 'key'
        ? this.#passOfKey(credential.text, request.headers.origin)
        : await this.#passOfToken(credential.text, origin)
    if (!pass || !isValidAt(pass, this.#deps.now())) throw refused()
    if (!allowsItsOrigin(pass)) throw new Problem('origin-refused')
    return pass
  }

  #passOfKey(key: string, origin: string | undefined): ReaderPass | undefined {
    const found = this.#table.byKey(key)
    // Such keys may be in addresses, which is for outputs on air only.
    if (key.startsWith('fo_') && !found?.partner.onAir) return undefined
    return found && { ...found, origin }
  }

  async #passOfToken(token: string, origin: string | undefined): Promise<ReaderPass | undefined> {
    const key = await this.#keyOf(token)
    if (!key) return undefined
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['EdDSA'],
        audience: TOKEN_AUDIENCE,
        currentDate: new Date(this.#deps.now()),
        requiredClaims: ['exp', 'iat', 'sub'],
        maxTokenAge: MAX_TOKEN_S,
        // Gateways and the api read the same clock, that of Redis, and each over a network.
        clockTolerance: 1,
      })
      const { sub, feeds, origin: site, key: keyId } = tokenClaimsSchema.parse(payload)
      const isOfDesk = sub === DESK_READER.id
      const partner = isOfDesk ? deskReader(feeds ?? [], (payload.exp ?? 0) * 1_000) : this.#table.byId(sub)
      return partner && { partner, keyId, token: { feeds, origin: site }, origin }
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw refused('The token has expired. Take a new one.')
      return undefined
    }
  }

  /** The public key that a token names. A key that was made a moment ago is looked for once. */
  async #keyOf(token: string): Promise<CryptoKey | undefined> {
    const kid = kidOf(token)
    if (kid === undefined) return undefined
    const known = this.#table.tokenKey(kid)
    const now = performance.now()
    if (known || now - this.#lookedAt < LOOK_GAP_MS) return known
    this.#lookedAt = now
    await this.look()
    return this.#table.tokenKey(kid)
  }
}

function refused(detail?: string): Problem {
  return new Problem('partner-refused', {
    headers: { 'WWW-Authenticate': 'Bearer realm="flashline"' },
    ...(detail !== undefined && { extra: { detail } }),
  })
}

function kidOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid
  } catch {
    return undefined
  }
}

/** The origin of a page of another site. A frame of this server reads for the site around it. */
function otherOrigin({ headers: { origin, host } }: IncomingMessage): string | undefined {
  return origin !== undefined && host !== undefined && parseUrl(origin)?.host === host ? undefined : origin
}

/** A stream goes through the filter that it was opened with: another filter needs another stream. */
function sameFilter(before: ReaderPass, now: Pick<ReaderPass, 'partner'>): boolean {
  return JSON.stringify(before.partner.filter) === JSON.stringify(now.partner.filter)
}
