import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { contentOf, moreFields, type Content, type Words } from './words.ts'
import { ChangedWords } from '../platform/changed-words.tsx'

export interface LineChangesProps {
  readonly feed: FeedTitle
  readonly before: Content
  readonly words: Words
}

const shown = ['text', ...moreFields] as const

/** The old words and the new ones of each field that changes. */
export function LineChanges({ feed, before, words }: LineChangesProps) {
  const after = contentOf(words)
  const texts = shown
    .map((field) => ({ field, old: textOf(before[field]), now: textOf(after[field]) }))
    .filter(({ old, now }) => old !== now)
  return (
    <dl className="changes">
      {texts.map(({ field, old, now }) => (
        <div key={field} data-changed={field}>
          <dt>
            <FormattedMessage id={`composer.${field}`} />
          </dt>
          <dd lang={feed.lang} dir={feed.dir}>
            <ChangedWords before={old} after={now} lang={feed.lang} />
          </dd>
        </div>
      ))}
      {before.urgency !== after.urgency && (
        <div data-changed="urgency">
          <dt>
            <FormattedMessage id="composer.urgency" />
          </dt>
          <dd>
            <del>
              <FormattedMessage id={`urgency.${before.urgency}`} />
            </del>{' '}
            <ins>
              <FormattedMessage id={`urgency.${after.urgency}`} />
            </ins>
          </dd>
        </div>
      )}
    </dl>
  )
}

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value.trim() : (value ?? []).join(', ')
}
