import { Button } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import { Fault } from '../platform/fault.tsx'
import { isRepeatable, type Acts } from './use-acts.ts'
import type { FailedAct } from '../results/failed-acts.ts'

export interface FailedNoticeProps {
  readonly failed: FailedAct
  readonly acts: Pick<Acts, 'retry' | 'dismiss'>
}

/** An act that has failed, in red until the person repeats or dismisses it. */
export function FailedNotice({ failed, acts }: FailedNoticeProps) {
  const { refusal } = failed
  return (
    <div className="failed">
      <Fault refusal={refusal} />
      <div className="line-buttons">
        {isRepeatable(failed) && (
          <Button size="xs" color="red" onClick={() => acts.retry(failed)}>
            <FormattedMessage id="act.retry" />
          </Button>
        )}
        {refusal.code === 'duplicate-headline' && (
          <Button size="xs" variant="default" onClick={() => acts.retry(failed, { force: true })}>
            <FormattedMessage id="composer.force" />
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => acts.dismiss(failed)}>
          <FormattedMessage id="act.dismiss" />
        </Button>
      </div>
    </div>
  )
}
