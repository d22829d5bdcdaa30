import type { PartnerAccess } from '../../eventlog/partners/partner-access.ts'
import { allowsOrigin } from '../../protocol/origin-pattern.ts'
import { filterWithin } from '../../protocol/partner-requests.ts'
import type { Filter } from '../../protocol/filter.ts'

/** The right of a request with a valid key or token of a partner, for its own time. */
export interface ReaderPass {
  /** The partner as it was when the request came. */
  readonly partner: PartnerAccess
  readonly keyId: string
  /** The feeds and the site of a token; both undefined for a key. */
  readonly token?: { readonly feeds?: readonly string[] | undefined; readonly origin?: string | undefined }
  /** The `Origin` of the request, where it is that of another site. */
  readonly origin: string | undefined
}

/** Whether a pass opens a feed. A partner has only the feeds of its settings, also where others are public. */
export function opens({ partner, token }: Pick<ReaderPass, 'partner' | 'token'>, feed: string): boolean {
  const isOfPartner = partner.feeds.includes('*') || partner.feeds.includes(feed)
  return isOfPartner && (token?.feeds === undefined || token.feeds.includes(feed))
}

/** Whether the key of the pass, and its partner, are valid at a time (ms since 1970). */
export function isValidAt({ partner, keyId }: Pick<ReaderPass, 'partner' | 'keyId'>, now: number): boolean {
  const key = partner.keys.find(({ id }) => id === keyId)
  return key !== undefined && !hasEnded(key.until, now) && !hasEnded(partner.expiresAt, now)
}

/**
 * Whether pages of the request's origin may read with the pass. Programs send no origin. The host of an output on air may be a
 * page from a file, whose origin is `null` or `file://`.
 */
export function allowsItsOrigin({ partner, token, origin }: Omit<ReaderPass, 'keyId'>): boolean {
  if (partner.onAir && !token) return true
  const site = token ? token.origin : origin
  if (site !== undefined && !allowsOrigin(partner.origins, site)) return false
  return origin === undefined || origin === site
}

/** The filter of a request within that of the partner; undefined: the request wants other headlines. */
export function filterOf(pass: ReaderPass | undefined, wanted: Filter): Filter | undefined {
  return pass ? filterWithin(pass.partner.filter, wanted) : wanted
}

/** A time that cannot be read has passed. */
function hasEnded(end: string | undefined, now: number): boolean {
  return end !== undefined && !(Date.parse(end) > now)
}
