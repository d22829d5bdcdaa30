import type { Account } from '../../people/account.ts'
import { namesWhere } from '../../people/approvers-for.ts'
import type { People } from '../../people/people.ts'
import { Problem } from '../../platform/problem.ts'
import type { Role } from '../../protocol/lists/roles.ts'

/** The answer to a person who may not approve it: it names persons who may. Errors: UnavailableError. */
export async function selfApprovalProblem(
  people: People,
  needed: Role,
  mayApprove: (account: Account) => boolean,
): Promise<Problem> {
  const names = await namesWhere(people, mayApprove)
  const detail =
    names === ''
      ? `No other person may approve it: it takes one more ${needed} in this feed.`
      : `These persons may approve it: ${names}.`
  return new Problem('self-approval', { extra: { detail } })
}
