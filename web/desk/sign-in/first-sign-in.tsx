import { Button } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient, Refusal, Session } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'

export interface FirstSignInProps {
  readonly api: ApiClient
  readonly token: string
  readonly onSignedIn: (session: Session) => void
  readonly onOther: () => void
}

/** Signs the first admin in with the token of the printed link, which works once. */
export function FirstSignIn({ api, token, onSignedIn, onOther }: FirstSignInProps) {
  const [refusal, setRefusal] = useState<Refusal>()
  const [isBusy, setIsBusy] = useState(false)

  async function send(): Promise<void> {
    setIsBusy(true)
    const outcome = await api.openSession('/v1/session', { method: 'POST', body: { token } })
    setIsBusy(false)
    if (outcome.kind === 'done') onSignedIn(outcome.body)
    else setRefusal(outcome.refusal)
  }

  return (
    <div className="stack">
      <p>
        <FormattedMessage id="firstSignIn.text" />
      </p>
      {refusal?.code === 'sign-in-failed' ? (
        <p className="fault" role="alert">
          <FormattedMessage id="firstSignIn.used" />
        </p>
      ) : (
        <Fault refusal={refusal} />
      )}
      <Button loading={isBusy} onClick={() => void send()} autoFocus>
        <FormattedMessage id="firstSignIn.send" />
      </Button>
      <Button variant="default" onClick={onOther}>
        <FormattedMessage id="firstSignIn.other" />
      </Button>
    </div>
  )
}
