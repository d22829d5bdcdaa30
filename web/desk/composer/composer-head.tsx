import { Button } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import type { DoneAct } from '../results/done-act.ts'
import { LineColleagues } from '../lines/line-colleagues.tsx'
import type { ApiClient, Session } from '../platform/api-client.ts'
import { ConfirmButton } from '../platform/confirm-button.tsx'
import type { MessageId } from '../platform/languages.ts'
import type { ChangeAnswer } from './send-wish.ts'
import type { ComposedLine } from './wish.ts'

export interface ComposerHeadProps {
  readonly api: ApiClient
  readonly session: Session
  readonly feed: string
  readonly line: ComposedLine
  readonly title: MessageId
  readonly isSending: boolean
  readonly onLeave: () => void
  readonly onDrop: () => void
  readonly onDiscarded: (act: DoneAct) => void
}

/** The head of a line that is open, and the ways out of it. */
export function ComposerHead(props: ComposerHeadProps) {
  const { api, session, feed, line, title, isSending, onLeave, onDrop, onDiscarded } = props
  const { id, version, content } = line
  return (
    <>
      <div className="composer-row">
        <strong>
          <FormattedMessage id={title} />
        </strong>
        <Button size="xs" variant="default" onClick={onLeave}>
          <FormattedMessage id="composer.leave" />
        </Button>
        <Button size="xs" variant="default" disabled={isSending} onClick={onDrop}>
          <FormattedMessage id="composer.drop" />
        </Button>
        {line.allowed.includes('discard') && (
          <ConfirmButton
            label={<FormattedMessage id="composer.discard" />}
            question={<FormattedMessage id="composer.discardSure" values={{ text: content?.text ?? '' }} />}
            send={() =>
              api.call<ChangeAnswer>(`/v1/feeds/${feed}/headlines/${id}/discard`, {
                method: 'POST',
                headers: { 'Idempotency-Key': crypto.randomUUID(), 'If-Match': `"${version}"` },
                body: {},
              })
            }
            onDone={({ headline, position }) =>
              onDiscarded({
                ...headline,
                text: content?.text ?? '',
                position,
                releaseAt: undefined,
                at: new Date().toISOString(),
              })
            }
          />
        )}
      </div>
      <div className="composer-colleagues" role="status">
        <LineColleagues session={session} feed={feed} id={id} />
      </div>
    </>
  )
}
