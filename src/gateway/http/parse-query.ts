import type { z } from 'zod'
import { Problem } from '../../platform/problem.ts'

/** The query as the schema reads it. Errors: Problem `invalid-query`, which names the parameter. */
export function parseQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  const read = schema.safeParse(query)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new Problem('invalid-query', { extra: { detail: `${issue?.path.join('.')}: ${issue?.message}` } })
}
