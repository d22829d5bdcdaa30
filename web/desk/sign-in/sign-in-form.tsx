import { Button, TextInput } from '@mantine/core'
import { useState, type SyntheticEvent } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient, Outcome, Refusal, Session } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'

export interface SignInFormProps {
  readonly api: ApiClient
  readonly email: string
  readonly onSignedIn: (session: Session) => void
}

/** `both`: where too many sign-ins have failed, only the password together with a code is taken. */
type Asked = 'password' | 'code' | 'both'

/** Email and password, then the code of the second factor where the account has one. */
export function SignInForm({ api, email: known, onSignedIn }: SignInFormProps) {
  const [email, setEmail] = useState(known)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [asked, setAsked] = useState<Asked>('password')
  const [refusal, setRefusal] = useState<Refusal>()
  const [isBusy, setIsBusy] = useState(false)

  async function send(event: SyntheticEvent): Promise<void> {
    event.preventDefault()
    setIsBusy(true)
    const outcome: Outcome<Session> =
      asked === 'code'
        ? await api.openSession('/v1/session/second-factor', { method: 'POST', body: { code } })
        : await api.openSession('/v1/session', {
            method: 'POST',
            body: { email, password, ...(asked === 'both' && code !== '' && { code }) },
          })
    setIsBusy(false)
    if (outcome.kind === 'done') {
      onSignedIn(outcome.body)
      return
    }
    const { code: why } = outcome.refusal
    if (why === 'second-factor-required') setAsked('code')
    if (why === 'too-many-requests' && asked !== 'code') setAsked('both')
    // The half session is over: begin again with the password.
    if (asked === 'code' && why === 'unauthenticated') setAsked('password')
    setRefusal(why === 'second-factor-required' ? undefined : outcome.refusal)
  }

  return (
    <form className="stack" onSubmit={(event) => void send(event)}>
      <TextInput
        label={<FormattedMessage id="signIn.email" />}
        type="email"
        name="email"
        autoComplete="username"
        dir="ltr"
        required
        value={email}
        disabled={asked === 'code'}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      {asked !== 'code' && (
        <TextInput
          type="password"
          label={<FormattedMessage id="signIn.password" />}
          name="password"
          autoComplete="current-password"
          dir="ltr"
          required
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      )}
      {asked !== 'password' && (
        <TextInput
          label={<FormattedMessage id="signIn.code" />}
          description={<FormattedMessage id="signIn.codeHelp" />}
          name="code"
          autoComplete="one-time-code"
          dir="ltr"
          required={asked === 'code'}
          data-autofocus
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
      )}
      {asked === 'both' && refusal?.code === 'too-many-requests' ? (
        <div role="alert" className="fault">
          <FormattedMessage id="signIn.tooMany" />
        </div>
      ) : (
        <Fault refusal={refusal} />
      )}
      <Button type="submit" loading={isBusy}>
        <FormattedMessage id="signIn.send" />
      </Button>
    </form>
  )
}
