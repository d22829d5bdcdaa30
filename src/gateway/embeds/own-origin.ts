import type { Request } from 'express'
import { parseUrl } from '../../protocol/parse-url.ts'

/** A host name or an IP address with an optional port, and no character with another meaning in a URL. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i

/**
 * The origin under which the client reached this server; undefined if the request has no valid Host. The client chooses
 * `Host`, so the origin may be used only in the answer to that client. Express evaluates `X-Forwarded-Proto` as
 * TRUST_PROXY allows.
 */
export function ownOrigin({ headers, protocol }: Pick<Request, 'headers' | 'protocol'>): string | undefined {
  const { host } = headers
  if (host === undefined || !HOST.test(host)) return undefined
  const origin = `${protocol === 'https' ? 'https' : 'http'}://${host}`
  return parseUrl(origin)?.origin
}
