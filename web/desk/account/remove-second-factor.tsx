import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'

/** Takes the password and a code: an unlocked computer is not enough. */
export function RemoveSecondFactor({
  api,
  onDone,
}: {
  readonly api: ApiClient
  readonly onDone: () => void
}) {
  const [isOpen, setIsOpen] = useState(false)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const act = useAct()
  if (!isOpen)
    return (
      <Button variant="default" size="xs" onClick={() => setIsOpen(true)}>
        <FormattedMessage id="factor.remove" />
      </Button>
    )
  const body = { code, ...(password !== '' && { password }) }
  return (
    <form
      className="stack view-narrow"
      onSubmit={(event) => {
        event.preventDefault()
        act.run(() => api.openSession('/v1/account/second-factor/remove', { method: 'POST', body }), onDone)
      }}
    >
      <TextInput
        type="password"
        label={<FormattedMessage id="factor.password" />}
        autoComplete="current-password"
        dir="ltr"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <TextInput
        label={<FormattedMessage id="signIn.code" />}
        description={<FormattedMessage id="signIn.codeHelp" />}
        autoComplete="one-time-code"
        dir="ltr"
        required
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <Fault refusal={act.refusal} />
      <Button type="submit" color="red" loading={act.isBusy}>
        <FormattedMessage id="factor.remove" />
      </Button>
    </form>
  )
}
