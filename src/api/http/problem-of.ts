import { ArchiveError } from '../../archive/archive.ts'
import { BusyError, DamagedError, UnavailableError } from '../../platform/errors.ts'
import { Problem } from '../../platform/problem.ts'
import type { ProblemCode } from '../../protocol/problems.ts'

/** The problem of each fault that body-parser names. */
const byBodyFault = new Map<unknown, ProblemCode>(
  Object.entries({
    'entity.parse.failed': 'malformed-json',
    'entity.verify.failed': 'malformed-json',
    'entity.too.large': 'body-too-large',
    'encoding.unsupported': 'unsupported-media-type',
    'charset.unsupported': 'unsupported-media-type',
    'request.aborted': 'malformed-request',
    'request.size.invalid': 'malformed-request',
  } as const),
)

/** The problem for any thrown error; an unexpected error is `internal-error`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof UnavailableError) {
    return new Problem('log-unavailable', { headers: { 'Retry-After': '1' }, cause: error })
  }
  if (error instanceof ArchiveError) return archiveProblem(error)
  if (error instanceof DamagedError) return damagedProblem(error)
  if (error instanceof BusyError) {
    const seconds = Math.max(1, Math.ceil(error.retryAfterMs / 1_000))
    return new Problem('too-many-requests', { headers: { 'Retry-After': String(seconds) } })
  }
  const fault = error instanceof Error && 'type' in error ? byBodyFault.get(error.type) : undefined
  if (fault) return new Problem(fault, { cause: error })
  // Express found a percent sign without a valid encoding.
  if (error instanceof URIError) return new Problem('malformed-request', { cause: error })
  return new Problem('internal-error', { cause: error })
}

/** `full` and `read-only` pass, as `away` does, when an operator has mended the archive. */
function archiveProblem(error: ArchiveError): Problem {
  const { fault } = error
  return new Problem('archive-away', { extra: { fault }, headers: { 'Retry-After': '30' }, cause: error })
}

/** The feed and the end of the key say which record it is; the rest of the key is the operator's business. */
const FEED_KEY = /\{([a-z][a-z0-9-]*)\}:(\S+)/

function damagedProblem(error: DamagedError): Problem {
  const [, feed, record] = FEED_KEY.exec(error.record) ?? []
  const named = record === undefined ? { record: error.record.split(':').at(-1) } : { feed, record }
  return new Problem('record-damaged', { extra: named, headers: { 'Retry-After': '60' }, cause: error })
}
