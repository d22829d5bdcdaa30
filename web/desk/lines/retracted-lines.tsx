import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'

/** The lines of a retraction, or of its dry run. */
export interface Retracted {
  readonly lines: readonly {
    readonly id: string
    readonly text: string
    readonly outcome: string
  }[]
  /** There are more lines: the same request goes on. */
  readonly more: boolean
}

/** Each line that a retraction withdraws or has withdrawn. */
export function RetractedLines({ feed, lines, more }: Retracted & { readonly feed: FeedTitle }) {
  return (
    <div role="status">
      <p>
        <FormattedMessage id={more ? 'retract.more' : 'retract.count'} values={{ count: lines.length }} />
      </p>
      <ul className="rows retracted" tabIndex={0}>
        {lines.map(({ id, text, outcome }) => (
          <li key={id} className="row">
            <span className="row-facts">
              <FormattedMessage id="retract.outcome" values={{ outcome: outcome.replaceAll('-', '_') }} />
            </span>
            <bdi lang={feed.lang} dir={feed.dir} className="row-text">
              {text}
            </bdi>
          </li>
        ))}
      </ul>
    </div>
  )
}
