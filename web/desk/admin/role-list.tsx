import { FormattedMessage } from 'react-intl'
import type { FeedRoles } from './people.ts'

/** Roles in words: "Editor in all feeds". */
export function RoleList({ roles }: { readonly roles: FeedRoles }) {
  const given = Object.entries(roles)
  if (given.length === 0) return <FormattedMessage id="role.none" />
  return given.map(([feed, role], at) => (
    <span key={feed}>
      {at > 0 && ', '}
      <FormattedMessage
        id={feed === '*' ? 'role.everywhere' : 'role.in'}
        values={{ role: <FormattedMessage id={`role.${role}`} />, feed: <bdi>{feed}</bdi> }}
      />
    </span>
  ))
}
