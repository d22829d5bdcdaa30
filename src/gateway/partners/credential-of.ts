import type { IncomingMessage } from 'node:http'

/** A partner's key, or a token that was made with one. Neither may reach a log. */
export interface Credential {
  readonly kind: 'key' | 'token'
  readonly text: string
}

const BEARER = /^Bearer +([\x21-\x7e]+)$/i
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2})$/i
/** `fo_…` is the key of an output on air. */
const KEY = /^f[op]_/
/** Three parts of base64url (RFC 7515, section 7.1); without a signature it is a wrong token, and not none. */
const TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/

/**
 * The partner's credential of a reader's request; undefined if there is none. `Authorization` wins over `?token=`, which
 * is for pages: an EventSource, a WebSocket and a frame send no header of the page's own.
 */
export function credentialOf({ headers, url = '' }: IncomingMessage): Credential | undefined {
  const bearer = BEARER.exec(headers.authorization ?? '')?.[1]
  if (bearer !== undefined && KEY.test(bearer)) return { kind: 'key', text: bearer }
  // A key of the newsroom is none of a reader: readers' routes do not look at it.
  if (bearer !== undefined && TOKEN.test(bearer)) return { kind: 'token', text: bearer }
  // Few requests have a token, so only their queries are parsed.
  if (!url.includes('token=')) return undefined
  const tokens = new URLSearchParams(url.slice(url.indexOf('?') + 1)).getAll('token')
  if (tokens.length === 0) return undefined
  // Two tokens are no token: a proxy in front might check the other one.
  const text = tokens.length === 1 ? (tokens[0] ?? '') : ''
  // The host of an output cannot ask a server of its own for tokens.
  return { kind: text.startsWith('fo_') ? 'key' : 'token', text }
}

/**
 * The partner's credential of a request for a document. Readers of RSS know no other scheme than Basic (RFC 7617): its
 * password may be the key, and its user name is not looked at. Any other password is that of a proxy, and none of ours.
 */
export function documentCredentialOf(request: IncomingMessage): Credential | undefined {
  const coded = BASIC.exec(request.headers.authorization ?? '')?.[1]
  if (coded === undefined) return credentialOf(request)
  const text = Buffer.from(coded, 'base64').toString()
  const password = text.slice(text.indexOf(':') + 1)
  return password.startsWith('fp_') ? { kind: 'key', text: password } : credentialOf(request)
}
