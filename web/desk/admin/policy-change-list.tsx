import { FormattedMessage } from 'react-intl'
import type { Policy } from '../../../src/protocol/policy.ts'
import { policyChanges } from './policy-changes.ts'

/** The meaning of a change of policy, in words. */
export function PolicyChangeList({ before, after }: { readonly before: Policy; readonly after: Policy }) {
  const changes = policyChanges(before, after)
  if (changes.length === 0) return <FormattedMessage id="policy.noChange" />
  return (
    <ul data-policy-changes>
      {changes.map(({ id, urgency, count }) => (
        <li key={`${id} ${urgency}`}>
          <FormattedMessage
            id={id}
            values={{ count, urgency: urgency && <FormattedMessage id={`policyChange.of.${urgency}`} /> }}
          />
        </li>
      ))}
    </ul>
  )
}
