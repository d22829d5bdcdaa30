import { Problem } from '../../platform/problem.ts'
import { problems } from '../../protocol/problems.ts'

/** The refusal of a position or mark that is malformed. `field`: the parameter or the header. */
export function invalidPosition(field: string): Problem {
  const { help } = problems['invalid-position']
  const message = 'is neither epoch:seq nor epoch:seq:mark'
  return new Problem('invalid-position', {
    extra: { detail: `${field}: ${help}`, errors: [{ field, message }] },
  })
}
