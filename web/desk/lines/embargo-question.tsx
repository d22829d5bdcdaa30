import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { EmbargoEnd } from '../platform/embargo-end.tsx'

export interface EmbargoQuestionProps {
  readonly feed: FeedTitle
  readonly text: string
  /** The end of the embargo in ms. */
  readonly until: number
  /** Readers of the feed, once a release has counted them. */
  readonly readers: number | undefined
  readonly onSend: () => void
  readonly onClose: () => void
  /** The colleagues at the same line. */
  readonly children: ReactNode
}

/** Asks once more before a line goes out that its source has embargoed. */
export function EmbargoQuestion({
  feed,
  text,
  until,
  readers,
  onSend,
  onClose,
  children,
}: EmbargoQuestionProps) {
  return (
    <Modal opened onClose={onClose} withCloseButton={false} title={<FormattedMessage id="embargo.title" />}>
      <div className="stack">
        <blockquote lang={feed.lang} dir={feed.dir} className="quote">
          {text}
        </blockquote>
        <p>
          <EmbargoEnd until={until} />
        </p>
        {readers !== undefined && (
          <p>
            <FormattedMessage id="flash.readers" values={{ count: readers }} />
          </p>
        )}
        {children}
        <Button color="red" onClick={onSend}>
          <FormattedMessage id="embargo.break" />
        </Button>
        <Button variant="default" data-autofocus onClick={onClose}>
          <FormattedMessage id="flash.back" />
        </Button>
      </div>
    </Modal>
  )
}
