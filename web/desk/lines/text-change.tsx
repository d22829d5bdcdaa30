import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { wordDiff } from '../platform/word-diff.ts'

export interface TextChangeProps {
  readonly feed: FeedTitle
  readonly before: string
  readonly after: string
}

/** The old text beside the new one, with the words that differ. */
export function TextChange({ feed, before, after }: TextChangeProps) {
  const parts = wordDiff(before, after, feed.lang)
  const words = { lang: feed.lang, dir: feed.dir } as const
  return (
    <dl className="change">
      <div>
        <dt>
          <FormattedMessage id="change.before" />
        </dt>
        <dd {...words}>
          {parts.map(({ kind, text }, n) =>
            kind === 'added' ? null : kind === 'removed' ? <del key={n}>{text}</del> : text,
          )}
        </dd>
      </div>
      <div>
        <dt>
          <FormattedMessage id="change.after" />
        </dt>
        <dd {...words}>
          {parts.map(({ kind, text }, n) =>
            kind === 'removed' ? null : kind === 'added' ? <ins key={n}>{text}</ins> : text,
          )}
        </dd>
      </div>
    </dl>
  )
}
