import { isUtf8 } from 'node:buffer'
import express, { type Request, type Response } from 'express'
import type { z } from 'zod'
import { Problem } from '../../platform/problem.ts'
import { runMiddleware } from './run-middleware.ts'

const MAX_BODY_BYTES = 16 * 1024
/** One body can have thousands of faults; an editor needs only the first ones. */
const MAX_ERRORS = 20
const MAX_POINTER_LENGTH = 100

/** Refuses compressed bodies: their uncompressed size would need a limit of its own. */
const readJson = express.json({
  limit: MAX_BODY_BYTES,
  inflate: false,
  verify: (_req, _res, bytes) => {
    if (!isUtf8(bytes)) throw new Error('not UTF-8')
  },
})

/** A request without a body counts as `{}`. Errors: Problem. */
export async function readBody(req: Request, res: Response, schema: z.ZodType): Promise<unknown> {
  if (hasBody(req) && !req.is('application/json')) throw new Problem('unsupported-media-type')
  await runMiddleware(readJson, req, res)
  const read = schema.safeParse((req.body as unknown) ?? {}, { error: missing })
  if (read.success) return read.data
  throw new Problem('invalid-body', { extra: { errors: fieldErrors(read.error.issues) } })
}

/** The words for a field that is not there; undefined: the words of the schema. */
function missing({ input, path }: z.core.$ZodRawIssue): string | undefined {
  if (input !== undefined) return undefined
  return path?.at(-1) === 'reason' ? 'is missing: say why' : 'is missing'
}

interface FieldError {
  /** JSON pointer (RFC 6901); empty for the body itself. */
  readonly field: string
  readonly message: string
  /** The character that may not stand in the text, as `U+200B`. */
  readonly character?: string
  /** Its index in the text, in code points. */
  readonly position?: number
}

export function fieldErrors(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  return issues.flatMap((issue) => errorsOf(issue)).slice(0, MAX_ERRORS)
}

function errorsOf(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: pointer([...issue.path, key]), message: 'unknown field' }))
  }
  const { character, position } = (issue.code === 'custom' ? issue.params : undefined) ?? {}
  const isPlaced = typeof character === 'string' && typeof position === 'number'
  return [{ field: pointer(issue.path), message: issue.message, ...(isPlaced && { character, position }) }]
}

function pointer(path: readonly PropertyKey[]): string {
  return path
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .slice(0, MAX_POINTER_LENGTH)
}

function hasBody(req: Request): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0
}
