import { FormattedMessage, FormattedNumber } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { graphemesIn } from './draft.ts'
import { hintsOf, wordsIn } from './hints.ts'
import type { Match } from './use-duplicate.ts'
import type { Words } from './words.ts'

export interface TextNotesProps {
  readonly feed: FeedTitle
  readonly words: Words
  /** The most characters that the feed takes. */
  readonly most: number
  /** A line that says the same. */
  readonly match: Match | undefined
}

/** The length of the text, hints about it, and the line that says the same. None of them keeps it from going out. */
export function TextNotes({ feed, words: { text, speaker }, most, match }: TextNotesProps) {
  const length = graphemesIn(text)
  return (
    <>
      <p className="budget" data-over={length > most || undefined}>
        <FormattedMessage
          id="composer.budget"
          values={{ length: <FormattedNumber value={length} />, most: <FormattedNumber value={most} /> }}
        />
        {' · '}
        <FormattedMessage id="composer.wordCount" values={{ count: wordsIn(text, feed.lang) }} />
      </p>
      <ul className="hints">
        {hintsOf({ text, speaker, lang: feed.lang }).map((hint) => (
          <li key={hint} data-hint={hint}>
            <FormattedMessage id={`hint.${hint}`} />
          </li>
        ))}
      </ul>
      <p role="status" className="near-duplicate">
        {match && (
          <FormattedMessage
            id="composer.nearDuplicate"
            values={{
              status: <FormattedMessage id={`status.${match.status}`} />,
              text: (
                <bdi lang={feed.lang} dir={feed.dir}>
                  {match.text}
                </bdi>
              ),
            }}
          />
        )}
      </p>
    </>
  )
}
