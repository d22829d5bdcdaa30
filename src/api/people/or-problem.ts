import type { ProblemCode } from '../../protocol/problems.ts'
import { Problem } from '../../platform/problem.ts'

/** The outcome; a refusal is thrown as the problem with its code. Errors: Problem. */
export function orProblem<T>(outcome: T | ProblemCode): Exclude<T, ProblemCode> {
  if (typeof outcome === 'string') throw new Problem(outcome as ProblemCode)
  return outcome as Exclude<T, ProblemCode>
}

/** As `orProblem`, for an approval: the answer to another version than the present one shows the present one. */
export async function approvedOrProblem<T>(
  outcome: T | ProblemCode,
  current: () => Promise<object | undefined>,
): Promise<Exclude<T, ProblemCode>> {
  if (outcome === 'stale-version') throw new Problem('stale-version', { extra: { current: await current() } })
  return orProblem<T>(outcome)
}
