import type { IncomingHttpHeaders } from 'node:http'
import type { Once } from '../../eventlog/save-headline.ts'
import { Problem } from '../../platform/problem.ts'

const REMEMBER_MS = 86_400_000
/** For a request without an Idempotency-Key: long enough for a command that the Redis client sends again by itself. */
const REMEMBER_ANONYMOUS_MS = 600_000

const VERSION = /^"(0|[1-9][0-9]{0,8})"$/
/** The version of an ETag that has the right form, but that no version has. */
const NO_VERSION = -1
const ENTITY_TAG = /^(W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/
const PRINTABLE = /^[\x20-\x7e]{1,200}$/

/** The version that the caller has seen (If-Match, RFC 9110). Errors: Problem. */
export function seenVersion(headers: IncomingHttpHeaders): number {
  const seen = readIfMatch(headers)
  // A star names no version: the act would overwrite a version that the editor has not seen.
  if (seen === undefined || seen === 'any') throw new Problem('precondition-required')
  return seen
}

/** The version that the caller has seen; `any` without If-Match or with a star. Errors: Problem. */
export function seenVersionIfTold(headers: IncomingHttpHeaders): number | 'any' {
  return readIfMatch(headers) ?? 'any'
}

function readIfMatch(headers: IncomingHttpHeaders): number | 'any' | undefined {
  const written = headers['if-match']?.trim()
  if (written === undefined) return undefined
  if (written === '*') return 'any'
  const [, version] = VERSION.exec(written) ?? []
  if (version !== undefined) return Number(version)
  const tags = written.split(/\s*,\s*/)
  if (tags.every((tag) => ENTITY_TAG.test(tag))) return NO_VERSION
  throw new Problem('malformed-request', { extra: { detail: 'If-Match is not an entity tag.' } })
}

export interface RequestIdentity {
  readonly headers: IncomingHttpHeaders
  readonly requestId: string
  readonly credential: string
  readonly feed: string
  /** Method, path and parsed body: equal for equal requests. */
  readonly request: readonly unknown[]
}

/** The token and fingerprint by which the log recognises a repeated request. Errors: Problem. */
export function onceOf({ headers, requestId, credential, feed, request }: RequestIdentity): Once {
  const given = headers['idempotency-key']
  const fingerprint = JSON.stringify(request)
  if (given === undefined) {
    return { token: `request ${requestId}`, fingerprint, rememberMs: REMEMBER_ANONYMOUS_MS }
  }
  if (typeof given !== 'string' || !PRINTABLE.test(given)) {
    const detail = 'Idempotency-Key takes 1 to 200 printable ASCII characters.'
    throw new Problem('malformed-request', { extra: { detail } })
  }
  return { token: `by ${credential} ${feed} ${given}`, fingerprint, rememberMs: REMEMBER_MS }
}

/** A version as its ETag (RFC 9110, section 8.8.3). */
export function etagOf(version: number): string {
  return `"${version}"`
}
