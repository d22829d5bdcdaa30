import type { ProblemCode } from '../../protocol/problems.ts'
import { Problem } from '../../platform/problem.ts'

/** The outcome; a refusal is thrown as the problem with its code. Errors: Problem. */
export function orProblem<T>(outcome: T | ProblemCode): Exclude<T, ProblemCode> {
  if (typeof outcome === 'string') throw new Problem(outcome as ProblemCode)
  return outcome as Exclude<T, ProblemCode>
}
