import { Button, Modal } from '@mantine/core'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { ReleaseTime } from '../platform/release-time.tsx'
import type { Draft } from './draft.ts'
import { instantOf } from './zoned-time.ts'

export interface FlashQuestionProps {
  readonly feed: FeedTitle
  readonly isOpen: boolean
  readonly draft: Draft
  readonly readers: number | undefined
  readonly onSend: () => void
  readonly onClose: () => void
}

/** Asks once more before a flash, and quotes it. */
export function FlashQuestion({ feed, isOpen, draft, readers, onSend, onClose }: FlashQuestionProps) {
  const { speaker, text } = draft.words
  const releaseAt = instantOf(draft.releaseAt)
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      withCloseButton={false}
      title={<FormattedMessage id="flash.title" />}
    >
      <div className="stack">
        <blockquote lang={feed.lang} dir={feed.dir} className="quote">
          {speaker !== '' && `${speaker}: `}
          {text}
        </blockquote>
        {releaseAt !== undefined && (
          <p>
            <ReleaseTime at={new Date(releaseAt).toISOString()} />
          </p>
        )}
        {readers !== undefined && releaseAt === undefined && (
          <p>
            <FormattedMessage id="flash.readers" values={{ count: readers }} />
          </p>
        )}
        <Button
          color="red"
          data-autofocus
          onClick={() => {
            onClose()
            onSend()
          }}
        >
          <FormattedMessage id="flash.send" />
        </Button>
        <Button variant="default" onClick={onClose}>
          <FormattedMessage id="flash.back" />
        </Button>
      </div>
    </Modal>
  )
}
