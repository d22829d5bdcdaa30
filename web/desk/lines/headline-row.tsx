import type { ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle, Urgency } from '../../sdk/types.ts'

export interface HeadlineRowProps {
  readonly feed: FeedTitle
  readonly text: string
  readonly speaker?: string | undefined
  readonly urgency: Urgency
  /** The line is selected: its acts show. */
  readonly isSelected: boolean
  readonly onSelect: () => void
  /** Facts beside the text: a time, a reason. */
  readonly children?: ReactNode
}

/** The words of a headline in the feed's language and direction, whatever the language of the desk. */
export function HeadlineRow({
  feed,
  text,
  speaker,
  urgency,
  isSelected,
  onSelect,
  children,
}: HeadlineRowProps) {
  return (
    <>
      <span className="row-facts">
        <span className="urgency" data-urgency={urgency}>
          <FormattedMessage id={`urgency.${urgency}`} />
        </span>
        {children}
      </span>
      <button
        type="button"
        className="row-text row-open"
        lang={feed.lang}
        dir={feed.dir}
        aria-expanded={isSelected}
        onClick={onSelect}
      >
        {speaker !== undefined && <bdi>{speaker}: </bdi>}
        <bdi>{text}</bdi>
      </button>
    </>
  )
}
