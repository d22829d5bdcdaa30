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

/** Email and password, then the code of the second factor where the account has one. */
export function SignInForm({ api, email: known, onSignedIn }: SignInFormProps) {
  const [email, setEmail] = useState(known)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [needsCode, setNeedsCode] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const [isBusy, setIsBusy] = useState(false)

  async function send(event: SyntheticEvent): Promise<void> {
    event.preventDefault()
    setIsBusy(true)
    const outcome: Outcome<Session> = needsCode
      ? await api.openSession('/v1/session/second-factor', { method: 'POST', body: { code } })
      : await api.openSession('/v1/session', { method: 'POST', body: { email, password } })
    setIsBusy(false)
    if (outcome.kind === 'done') {
      onSignedIn(outcome.body)
      return
    }
    const { code: why } = outcome.refusal
    if (why === 'second-factor-required') setNeedsCode(true)
    // The half session is over: begin again with the password.
    if (needsCode && why === 'unauthenticated') setNeedsCode(false)
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
        disabled={needsCode}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      {needsCode ? (
        <TextInput
          label={<FormattedMessage id="signIn.code" />}
          description={<FormattedMessage id="signIn.codeHelp" />}
          name="code"
          autoComplete="one-time-code"
          dir="ltr"
          required
          data-autofocus
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
      ) : (
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
      <Fault refusal={refusal} />
      <Button type="submit" loading={isBusy}>
        <FormattedMessage id="signIn.send" />
      </Button>
    </form>
  )
}
