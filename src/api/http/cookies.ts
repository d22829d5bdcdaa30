import { parseCookie, stringifySetCookie } from 'cookie'
import type { IncomingHttpHeaders } from 'node:http'

/** Over https a browser accepts a `__Host-` cookie from this host only: no other subdomain can set one. */
type SecureName = `__Host-${string}`

const names = { session: 'flashline', sso: 'flashline-sso' } as const
type CookieName = keyof typeof names

/** The parts of a request that decide which cookies are read. */
interface CookieRequest {
  readonly headers: IncomingHttpHeaders
  readonly secure: boolean
}

export function readCookie({ headers, secure }: CookieRequest, name: CookieName): string | undefined {
  return parseCookie(headers.cookie ?? '')[fullName(name, secure)]
}

/** Scripts cannot read the cookie. A request from another site does not carry it, except a followed link. */
export function setCookie(name: CookieName, value: string, maxAgeMs: number, secure: boolean): string {
  return stringifySetCookie({
    name: fullName(name, secure),
    value,
    maxAge: Math.floor(maxAgeMs / 1_000),
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
  })
}

export function clearCookie(name: CookieName, secure: boolean): string {
  return setCookie(name, '', 0, secure)
}

function fullName(name: CookieName, secure: boolean): SecureName | (typeof names)[CookieName] {
  return secure ? `__Host-${names[name]}` : names[name]
}
