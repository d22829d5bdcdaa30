import { Button, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'
import { NewPassword, weakPassword } from '../sign-in/new-password.tsx'

/** Changes the own password, which ends all other sessions. */
export function OwnPassword({ api }: { readonly api: ApiClient }) {
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [isDone, setIsDone] = useState(false)
  const queries = useQueryClient()
  const act = useAct()

  function send(): void {
    setIsDone(false)
    const body = { password, ...(current !== '' && { current }) }
    act.run(
      () => api.openSession('/v1/account/password', { method: 'POST', body }),
      () => {
        setCurrent('')
        setPassword('')
        setIsDone(true)
        void queries.invalidateQueries({ queryKey: ['sessions'] })
      },
    )
  }

  return (
    <section aria-labelledby="own-password">
      <h3 id="own-password">
        <FormattedMessage id="account.password" />
      </h3>
      <form
        className="stack view-narrow"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <TextInput
          type="password"
          label={<FormattedMessage id="account.current" />}
          autoComplete="current-password"
          dir="ltr"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <NewPassword value={password} refusal={act.refusal} onChange={setPassword} />
        {weakPassword(act.refusal) === undefined && <Fault refusal={act.refusal} />}
        <p role="status">{isDone && <FormattedMessage id="account.passwordDone" />}</p>
        <Button type="submit" loading={act.isBusy}>
          <FormattedMessage id="account.passwordSend" />
        </Button>
      </form>
    </section>
  )
}
