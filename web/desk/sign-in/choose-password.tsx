import { Button } from '@mantine/core'
import { useState, type SyntheticEvent } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient, Refusal } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { NewPassword, weakPassword } from './new-password.tsx'

export interface ChoosePasswordProps {
  readonly api: ApiClient
  readonly onDone: () => void
}

/** The link works once, so its user needs a password for the next sign-in. */
export function ChoosePassword({ api, onDone }: ChoosePasswordProps) {
  const [password, setPassword] = useState('')
  const [refusal, setRefusal] = useState<Refusal>()

  async function send(event: SyntheticEvent): Promise<void> {
    event.preventDefault()
    const outcome = await api.openSession('/v1/account/password', { method: 'POST', body: { password } })
    if (outcome.kind === 'done') onDone()
    else setRefusal(outcome.refusal)
  }

  return (
    <form className="stack" onSubmit={(event) => void send(event)}>
      <NewPassword value={password} help="password.help" refusal={refusal} onChange={setPassword} />
      {weakPassword(refusal) === undefined && <Fault refusal={refusal} />}
      <Button type="submit">
        <FormattedMessage id="password.send" />
      </Button>
      <Button variant="default" onClick={onDone}>
        <FormattedMessage id="password.later" />
      </Button>
    </form>
  )
}
