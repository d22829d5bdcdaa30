import { NativeSelect } from '@mantine/core'
import { FormattedMessage, useIntl } from 'react-intl'
import { roles, type Role } from '../../../src/protocol/lists/roles.ts'
import type { FeedTitle } from '../../sdk/types.ts'
import type { FeedRoles } from './people.ts'

export interface RoleFieldsProps {
  readonly feeds: readonly FeedTitle[]
  readonly value: FeedRoles
  readonly onChange: (roles: FeedRoles) => void
}

/** A role for all feeds, and one for each feed. */
export function RoleFields({ feeds, value, onChange }: RoleFieldsProps) {
  const intl = useIntl()
  const choices = [
    { value: '', label: intl.formatMessage({ id: 'role.none' }) },
    ...roles.map((role) => ({ value: role, label: intl.formatMessage({ id: `role.${role}` }) })),
  ]
  const scopes = [
    { id: '*', label: intl.formatMessage({ id: 'role.allFeeds' }) },
    ...feeds.map(({ id, title }) => ({ id, label: `${title} (${id})` })),
  ]

  function choose(scope: string, written: string): void {
    const role: Role | undefined = roles.find((each) => each === written)
    const { [scope]: _, ...others } = value
    onChange(role ? { ...others, [scope]: role } : others)
  }

  return (
    <fieldset className="view-fields">
      <legend>
        <FormattedMessage id="role.title" />
      </legend>
      {scopes.map(({ id, label }) => (
        <NativeSelect
          key={id}
          size="xs"
          label={label}
          value={value[id] ?? ''}
          data={choices}
          onChange={({ currentTarget }) => choose(id, currentTarget.value)}
        />
      ))}
    </fieldset>
  )
}
