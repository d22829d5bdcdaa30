import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient, Session } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'
import { QrCode } from './qr-code.tsx'

export interface AddSecondFactorProps {
  readonly api: ApiClient
  readonly onCodes: (recoveryCodes: readonly string[]) => void
}

interface Offer {
  readonly secret: string
  readonly uri: string
}

/** The password first, then the code of the app: so the app has the right secret before it counts. */
export function AddSecondFactor({ api, onCodes }: AddSecondFactorProps) {
  const [password, setPassword] = useState('')
  const [offer, setOffer] = useState<Offer>()
  const [code, setCode] = useState('')
  const act = useAct()

  function send(): void {
    if (offer) {
      const confirm = { method: 'POST', body: { code } } as const
      act.run(
        () => api.openSession('/v1/account/second-factor/confirm', confirm),
        (session) => onCodes((session as Session & { recoveryCodes: readonly string[] }).recoveryCodes),
      )
      return
    }
    const body = password === '' ? {} : { password }
    act.run(
      () => api.call<Offer>('/v1/account/second-factor', { method: 'POST', body }),
      (offered) => {
        setPassword('')
        setOffer(offered)
      },
    )
  }

  return (
    <form
      className="stack view-narrow"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {offer ? (
        <>
          <p>
            <FormattedMessage id="factor.scan" />
          </p>
          <QrCode text={offer.uri} />
          <p>
            <FormattedMessage id="factor.secret" />{' '}
            <code dir="ltr" data-totp-secret>
              {offer.secret}
            </code>
          </p>
          <TextInput
            key="code"
            label={<FormattedMessage id="factor.code" />}
            autoComplete="one-time-code"
            dir="ltr"
            required
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        </>
      ) : (
        <TextInput
          key="password"
          type="password"
          label={<FormattedMessage id="factor.password" />}
          autoComplete="current-password"
          dir="ltr"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      )}
      <Fault refusal={act.refusal} />
      <Button type="submit" loading={act.isBusy}>
        <FormattedMessage id={offer ? 'factor.confirm' : 'factor.add'} />
      </Button>
    </form>
  )
}
