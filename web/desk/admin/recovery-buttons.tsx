import { Button } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { ConfirmButton } from '../platform/confirm-button.tsx'
import { ApproveButton } from './approve-button.tsx'
import { useAct } from '../platform/use-act.ts'
import type { Account } from './people.ts'

/** A token for the person: the only one, the first of two, or the second one. */
export interface RecoveryToken {
  readonly token: string
  readonly name: string
  readonly part: 'whole' | 'first' | 'second'
}

export interface RecoveryButtonsProps {
  readonly api: ApiClient
  readonly account: Account
  /** The account of the person at the desk. */
  readonly own: string
  readonly onDone: () => void
  readonly onToken: (recovery: RecoveryToken) => void
}

type WithToken = Account & { readonly token: string }

/** Lets a person back in who has lost the password or the second factor; a second admin approves it where one has to. */
export function RecoveryButtons({ api, account, own, onDone, onToken }: RecoveryButtonsProps) {
  const { id, name, version, recovery } = account
  const path = `/v1/accounts/${id}/recovery`
  const cancelling = useAct()
  const shows = (part: RecoveryToken['part']) => (answer: WithToken) => {
    onToken({ token: answer.token, name, part })
    onDone()
  }
  if (!recovery)
    return (
      <ConfirmButton<WithToken>
        label={<FormattedMessage id="recovery.start" />}
        question={<FormattedMessage id="recovery.ask" values={{ name: <bdi>{name}</bdi> }} />}
        send={() => api.call(path, { method: 'POST' })}
        onDone={(answer) => shows(answer.recovery?.waitsFor ? 'first' : 'whole')(answer)}
      />
    )
  return (
    <>
      {recovery.waitsFor && recovery.by !== own && (
        <ApproveButton<WithToken> api={api} path={path} version={version} onDone={shows('second')} />
      )}
      <Button
        variant="default"
        size="xs"
        loading={cancelling.isBusy}
        onClick={() => cancelling.run(() => api.call(path, { method: 'DELETE' }), onDone)}
      >
        <FormattedMessage id="recovery.cancel" />
      </Button>
    </>
  )
}
