import { Button, Modal } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import type { MessageId } from '../platform/languages.ts'

export interface AllLinesQuestionProps {
  readonly isOpen: boolean
  readonly title: MessageId
  readonly confirm: MessageId
  readonly lines: readonly { readonly feed: FeedTitle; readonly text: string }[]
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks once more before an act in all feeds, and quotes each line. */
export function AllLinesQuestion({
  isOpen,
  title,
  confirm,
  lines,
  onConfirm,
  onClose,
}: AllLinesQuestionProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} withCloseButton={false} title={<FormattedMessage id={title} />}>
      <div className="stack">
        {lines.map(({ feed, text }) => (
          <blockquote key={feed.id} lang={feed.lang} dir={feed.dir} className="quote">
            {text}
          </blockquote>
        ))}
        <Button
          color="red"
          data-autofocus
          onClick={() => {
            onClose()
            onConfirm()
          }}
        >
          <FormattedMessage id={confirm} />
        </Button>
        <Button variant="default" onClick={onClose}>
          <FormattedMessage id="flash.back" />
        </Button>
      </div>
    </Modal>
  )
}
