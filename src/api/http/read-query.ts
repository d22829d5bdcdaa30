import type { z } from 'zod'
import { Problem } from '../../platform/problem.ts'
import { fieldErrors } from './read-body.ts'
import type { Call } from './route.ts'

/** The parsed query. Errors: Problem, which names each wrong parameter. */
export function readQuery<T>(schema: z.ZodType<T>, { query }: Call<unknown>): T {
  const read = schema.safeParse(query)
  if (read.success) return read.data
  throw invalidQuery(fieldErrors(read.error.issues))
}

export function invalidQuery(
  errors: readonly { readonly field: string; readonly message: string }[],
): Problem {
  const detail = errors.map(({ field, message }) => `${field.slice(1)}: ${message}`).join('; ')
  return new Problem('invalid-query', { extra: { detail } })
}
