import { passwordFault } from '../../people/password-fault.ts'
import { Problem } from '../../platform/problem.ts'

/** `own`: the email and name of the person. Errors: Problem, with the rule in words. */
export async function refuseWeakPassword(password: string, own: readonly string[]): Promise<void> {
  const fault = await passwordFault(password, own)
  if (fault === undefined) return
  throw new Problem('invalid-body', { extra: { errors: [{ field: '/password', message: fault }] } })
}
