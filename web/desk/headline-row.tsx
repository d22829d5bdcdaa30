import type { ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle, Urgency } from '../sdk/types.ts'

export interface HeadlineRowProps {
  readonly feed: FeedTitle
  readonly text: string
  readonly speaker?: string | undefined
  readonly urgency: Urgency
  /** Facts beside the text: a time, a reason. */
  readonly children?: ReactNode
}

/** The words of a headline in the feed's language and direction, whatever the language of the desk. */
export function HeadlineRow({ feed, text, speaker, urgency, children }: HeadlineRowProps) {
  return (
    <>
      <span className="row-facts">
        <span className="urgency" data-urgency={urgency}>
          <FormattedMessage id={`urgency.${urgency}`} />
        </span>
        {children}
      </span>
      <span className="row-text" lang={feed.lang} dir={feed.dir}>
        {speaker !== undefined && <bdi>{speaker}: </bdi>}
        <bdi>{text}</bdi>
      </span>
    </>
  )
}
