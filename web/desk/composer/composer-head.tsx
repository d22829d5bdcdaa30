import { Button } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import type { MessageId } from '../platform/languages.ts'

export interface ComposerHeadProps {
  readonly title: MessageId
  readonly isSending: boolean
  readonly onLeave: () => void
  readonly onDrop: () => void
}

/** The head of a line that is open, and the ways out of it. */
export function ComposerHead({ title, isSending, onLeave, onDrop }: ComposerHeadProps) {
  return (
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
    </div>
  )
}
