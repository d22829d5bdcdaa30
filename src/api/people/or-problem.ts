import type { ProblemCode } from '../../protocol/problems.ts'
import { Problem } from '../../platform/problem.ts'

/** What was done, or else the problem that its refusal names. Errors: Problem. */
export function orProblem<T>(outcome: T | ProblemCode): Exclude<T, ProblemCode> {
  if (typeof outcome === 'string') throw new Problem(outcome as ProblemCode)
  return outcome as Exclude<T, ProblemCode>
}
