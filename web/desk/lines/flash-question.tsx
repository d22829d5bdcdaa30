import { Button, Modal } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'

export interface FlashQuestionProps {
  readonly feed: FeedTitle
  readonly text: string
  /** Readers of the feed, once a release has counted them. */
  readonly readers: number | undefined
  readonly onSend: () => void
  readonly onClose: () => void
}

/** Asks once more before a flash goes out: the line as it is, and how many see it. */
export function FlashQuestion({ feed, text, readers, onSend, onClose }: FlashQuestionProps) {
  return (
    <Modal opened onClose={onClose} withCloseButton={false} title={<FormattedMessage id="flash.title" />}>
      <div className="stack">
        <blockquote lang={feed.lang} dir={feed.dir} className="quote">
          {text}
        </blockquote>
        {readers !== undefined && (
          <p>
            <FormattedMessage id="flash.readers" values={{ count: readers }} />
          </p>
        )}
        <Button color="red" data-autofocus onClick={onSend}>
          <FormattedMessage id="flash.send" />
        </Button>
        <Button variant="default" onClick={onClose}>
          <FormattedMessage id="flash.back" />
        </Button>
      </div>
    </Modal>
  )
}
