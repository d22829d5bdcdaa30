import { Button, TextInput } from '@mantine/core'
import { useState, type SyntheticEvent } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient, Refusal, Session } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { NewPassword, weakPassword } from './new-password.tsx'

export interface RecoverAccountProps {
  readonly api: ApiClient
  readonly token: string
  readonly onSignedIn: (session: Session) => void
  readonly onOther: () => void
}

const TOKEN = /rec_[A-Za-z0-9_-]+/

/** A new password by the link of an admin; under the two-person rule a second admin gives a second link. */
export function RecoverAccount({ api, token, onSignedIn, onOther }: RecoverAccountProps) {
  const [second, setSecond] = useState('')
  const [password, setPassword] = useState('')
  const [refusal, setRefusal] = useState<Refusal>()
  const [isBusy, setIsBusy] = useState(false)

  async function send(event: SyntheticEvent): Promise<void> {
    event.preventDefault()
    setIsBusy(true)
    const other = TOKEN.exec(second)?.[0]
    const tokens = [token, ...(other === undefined ? [] : [other])]
    const outcome = await api.openSession('/v1/account/recovery', {
      method: 'POST',
      body: { tokens, password },
    })
    setIsBusy(false)
    if (outcome.kind === 'done') onSignedIn(outcome.body)
    else setRefusal(outcome.refusal)
  }

  return (
    <form className="stack" onSubmit={(event) => void send(event)}>
      <p>
        <FormattedMessage id="recovery.text" />
      </p>
      <NewPassword value={password} refusal={refusal} onChange={setPassword} />
      <TextInput
        label={<FormattedMessage id="recovery.secondLink" />}
        description={<FormattedMessage id="recovery.secondHelp" />}
        dir="ltr"
        autoComplete="off"
        value={second}
        onChange={(event) => setSecond(event.currentTarget.value)}
      />
      {refusal?.code === 'invalid-token' ? (
        <p className="fault" role="alert">
          <FormattedMessage id="recovery.used" />
        </p>
      ) : (
        weakPassword(refusal) === undefined && <Fault refusal={refusal} />
      )}
      <Button type="submit" loading={isBusy}>
        <FormattedMessage id="recovery.send" />
      </Button>
      <Button variant="default" onClick={onOther}>
        <FormattedMessage id="invitation.other" />
      </Button>
    </form>
  )
}
