import { Button, TextInput } from '@mantine/core'
import { useState, type SyntheticEvent } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { ApiClient, Refusal } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'

export interface ChoosePasswordProps {
  readonly api: ApiClient
  readonly onDone: () => void
}

/** The link works once, so its user needs a password for the next sign-in. */
export function ChoosePassword({ api, onDone }: ChoosePasswordProps) {
  const [password, setPassword] = useState('')
  const [refusal, setRefusal] = useState<Refusal>()
  const intl = useIntl()

  async function send(event: SyntheticEvent): Promise<void> {
    event.preventDefault()
    const outcome = await api.openSession('/v1/account/password', { method: 'POST', body: { password } })
    if (outcome.kind === 'done') onDone()
    else setRefusal(outcome.refusal)
  }

  const weak = refusal?.errors?.find(({ field }) => field === '/password')?.message
  return (
    <form className="stack" onSubmit={(event) => void send(event)}>
      <TextInput
        type="password"
        label={intl.formatMessage({ id: 'password.new' })}
        description={intl.formatMessage({ id: 'password.help' })}
        autoComplete="new-password"
        dir="ltr"
        required
        minLength={12}
        data-autofocus
        value={password}
        error={weak === undefined ? undefined : `${intl.formatMessage({ id: 'password.weak' })} (${weak})`}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {weak === undefined && <Fault refusal={refusal} />}
      <Button type="submit">
        <FormattedMessage id="password.send" />
      </Button>
      <Button variant="default" onClick={onDone}>
        <FormattedMessage id="password.later" />
      </Button>
    </form>
  )
}
