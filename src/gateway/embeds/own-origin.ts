import type { Request } from 'express'

/** A name or an address, and a port: nothing that a URL could take for something else. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i

/**
 * The address under which the request came to us; undefined where it tells none that could be one. `Host` is whatever
 * the client writes, so the answer goes to that client only. `X-Forwarded-Proto` is read by Express as far as
 * TRUST_PROXY reaches.
 */
export function ownOrigin({ headers, protocol }: Pick<Request, 'headers' | 'protocol'>): string | undefined {
  const { host } = headers
  if (host === undefined || !HOST.test(host)) return undefined
  const origin = `${protocol === 'https' ? 'https' : 'http'}://${host}`
  return URL.canParse(origin) ? new URL(origin).origin : undefined
}
