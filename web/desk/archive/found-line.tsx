import './archive.css'
import { FormattedDate, FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import type { DeskHeadline } from '../lines/headline.ts'

export interface FoundHeadline extends DeskHeadline {
  readonly erased?: true
}

export interface FoundLineProps {
  readonly feed: FeedTitle
  readonly line: FoundHeadline
}

/** One line of the search; its text opens its history. */
export function FoundLine({ feed, line }: FoundLineProps) {
  const { id, status, createdAt, content, erased } = line
  return (
    <li className="row" data-status={status}>
      <span className="row-facts">
        <time dateTime={createdAt}>
          <FormattedDate value={createdAt} dateStyle="medium" timeStyle="short" />
        </time>
        <span>
          <FormattedMessage id={`status.${status}`} />
        </span>
        {content && (
          <span className="urgency" data-urgency={content.urgency}>
            <FormattedMessage id={`urgency.${content.urgency}`} />
          </span>
        )}
      </span>
      <a className="row-text archive-link" href={`#/archive/${id}`}>
        {erased || content?.text === undefined ? (
          <FormattedMessage id="archive.erased" />
        ) : (
          <bdi lang={feed.lang} dir={feed.dir}>
            {content.speaker !== undefined && `${content.speaker}: `}
            {content.text}
          </bdi>
        )}
      </a>
    </li>
  )
}
