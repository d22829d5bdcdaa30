import { Button, TextInput } from '@mantine/core'
import { useState, type SyntheticEvent } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient, Refusal, Session } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { NewPassword, weakPassword } from './new-password.tsx'

export interface AcceptInvitationProps {
  readonly api: ApiClient
  readonly token: string
  readonly onSignedIn: (session: Session) => void
  readonly onOther: () => void
}

/** Makes the account of an invited person, who chooses a name and a password, and signs in. */
export function AcceptInvitation({ api, token, onSignedIn, onOther }: AcceptInvitationProps) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [refusal, setRefusal] = useState<Refusal>()
  const [isBusy, setIsBusy] = useState(false)

  async function send(event: SyntheticEvent): Promise<void> {
    event.preventDefault()
    setIsBusy(true)
    const body = { token, name, password }
    const outcome = await api.openSession('/v1/invitations/accept', { method: 'POST', body })
    setIsBusy(false)
    if (outcome.kind === 'done') onSignedIn(outcome.body)
    else setRefusal(outcome.refusal)
  }

  return (
    <form className="stack" onSubmit={(event) => void send(event)}>
      <p>
        <FormattedMessage id="invitation.text" />
      </p>
      <TextInput
        label={<FormattedMessage id="invitation.name" />}
        description={<FormattedMessage id="invitation.nameHelp" />}
        autoComplete="name"
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NewPassword value={password} refusal={refusal} onChange={setPassword} />
      {refusal?.code === 'invalid-token' ? (
        <p className="fault" role="alert">
          <FormattedMessage id="invitation.used" />
        </p>
      ) : (
        weakPassword(refusal) === undefined && <Fault refusal={refusal} />
      )}
      <Button type="submit" loading={isBusy}>
        <FormattedMessage id="invitation.send" />
      </Button>
      <Button variant="default" onClick={onOther}>
        <FormattedMessage id="invitation.other" />
      </Button>
    </form>
  )
}
