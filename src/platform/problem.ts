import type { ProblemCode } from '../protocol/problems.ts'

interface ProblemOptions {
  /** Members of the body in addition to those of every problem. */
  readonly extra?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** Why a request is not served (RFC 9457). It is returned when the caller decides what to do, and else thrown. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly extra: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, { extra = {}, headers = {}, cause }: ProblemOptions = {}) {
    super(code, { cause })
    this.code = code
    this.extra = extra
    this.headers = headers
  }
}
