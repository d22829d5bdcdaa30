import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { ReleaseTime } from './release-time.tsx'

export interface FlashQuestionProps {
  readonly feed: FeedTitle
  readonly isOpen?: boolean
  readonly text: string
  /** '' or undefined: nobody is quoted. */
  readonly speaker?: string | undefined
  /** When it goes out; undefined: at once. */
  readonly releaseAt?: number | undefined
  /** Readers of the feed, once a release has counted them. */
  readonly readers: number | undefined
  readonly onSend: () => void
  readonly onClose: () => void
  /** The colleagues at the same line. */
  readonly children?: ReactNode
}

/** Asks once more before a flash goes out: the line as it is, and how many see it. */
export function FlashQuestion({
  feed,
  isOpen = true,
  text,
  speaker = '',
  releaseAt,
  readers,
  onSend,
  onClose,
  children,
}: FlashQuestionProps) {
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
        {children}
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
