import { approversFor } from '../../people/approvers-for.ts'
import type { People } from '../../people/people.ts'
import type { ProblemCode } from '../../protocol/problems.ts'
import { Problem } from '../../platform/problem.ts'
import type { Call } from '../http/route.ts'

/** The outcome; a refusal is thrown as the problem with its code. Errors: Problem. */
export function orProblem<T>(outcome: T | ProblemCode): Exclude<T, ProblemCode> {
  if (typeof outcome === 'string') throw new Problem(outcome as ProblemCode)
  return outcome as Exclude<T, ProblemCode>
}

/**
 * As `orProblem`, for an approval: the answer to another version than the present one shows the present one, and the
 * answer to a person who may not approve names the admins who may.
 */
export async function approvedOrProblem<T>(
  people: People,
  { who }: Call<unknown>,
  outcome: T | ProblemCode,
  current: () => Promise<object | undefined>,
): Promise<Exclude<T, ProblemCode>> {
  if (outcome === 'stale-version') throw new Problem('stale-version', { extra: { current: await current() } })
  if (outcome === 'self-approval') throw await approvalOfOwn(people, who.person)
  return orProblem<T>(outcome)
}

/** The problem of a person who may not approve or unlock it, with the admins who may. Errors: UnavailableError. */
export async function approvalOfOwn(people: People, person: string): Promise<Problem> {
  const names = await approversFor(people, [person])
  const detail =
    names === '' ? 'There is no other admin: invite one.' : `These admins may approve it: ${names}.`
  return new Problem('self-approval', { extra: { detail } })
}
