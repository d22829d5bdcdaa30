import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useFeeds } from '../lines/use-feed-lists.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'
import type { PersonViewProps } from '../platform/view-props.ts'
import type { FeedRoles, Key } from './people.ts'
import { RoleFields } from './role-fields.tsx'

export interface KeyFormProps extends PersonViewProps {
  readonly onMade: (key: Key & { key: string }) => void
}

const kinds = ['service', 'person'] as const
const DAY_MS = 86_400_000

/** Makes an API key with the least roles that are enough. */
export function KeyForm({ api, session, onMade }: KeyFormProps) {
  const intl = useIntl()
  const feeds = useFeeds(api, session) ?? []
  const [name, setName] = useState('')
  const [kind, setKind] = useState<(typeof kinds)[number]>('service')
  const [days, setDays] = useState('')
  const [roles, setRoles] = useState<FeedRoles>({})
  const act = useAct()

  function make(): void {
    const expiresAt = days === '' ? undefined : new Date(Date.now() + Number(days) * DAY_MS).toISOString()
    const body = { name, kind, roles, ...(expiresAt !== undefined && { expiresAt }) }
    act.run(
      () => api.call<Key & { key: string }>('/v1/keys', { method: 'POST', body }),
      (key) => {
        setName('')
        setRoles({})
        onMade(key)
      },
    )
  }

  return (
    <form
      className="view-form"
      onSubmit={(event) => {
        event.preventDefault()
        make()
      }}
    >
      <TextInput
        label={<FormattedMessage id="keysPart.name" />}
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={<FormattedMessage id="keysPart.kind" />}
        value={kind}
        data={kinds.map((value) => ({ value, label: intl.formatMessage({ id: `keysPart.kind.${value}` }) }))}
        onChange={({ currentTarget: { value } }) =>
          setKind(kinds.find((each) => each === value) ?? 'service')
        }
      />
      <TextInput
        label={<FormattedMessage id="keysPart.days" />}
        type="number"
        min={1}
        max={3650}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
      />
      <RoleFields feeds={feeds} value={roles} onChange={setRoles} />
      <Button type="submit" loading={act.isBusy} disabled={Object.keys(roles).length === 0}>
        <FormattedMessage id="keysPart.send" />
      </Button>
      <Fault refusal={act.refusal} />
    </form>
  )
}
