import { Button } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'

export interface RetryButtonProps {
  readonly api: ApiClient
  /** The path of the job. */
  readonly path: string
  readonly onDone: () => void
}

/** Runs a failed job once more. */
export function RetryButton({ api, path, onDone }: RetryButtonProps) {
  const act = useAct()
  return (
    <>
      <Button
        variant="default"
        size="xs"
        loading={act.isBusy}
        onClick={() => act.run(() => api.call(`${path}/retry`, { method: 'POST' }), onDone)}
      >
        <FormattedMessage id="queues.retry" />
      </Button>
      <Fault refusal={act.refusal} />
    </>
  )
}
