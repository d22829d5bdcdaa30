import { FormattedMessage, FormattedNumber } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { ReleaseTime } from '../platform/release-time.tsx'
import type { Part } from './edition.ts'

export interface PartStateProps {
  readonly feed: FeedTitle
  readonly part: Part
}

/** A part as it is now: its state, position and lag, its text, and whether a change in another feed asks for a look. */
export function PartState({ feed, part }: PartStateProps) {
  const { status, position, lagMs, releaseAt, attention, content } = part
  return (
    <>
      <p className="row-facts">
        <strong>
          <FormattedMessage id={`status.${status}`} />
        </strong>
        {position !== undefined && <bdi>{position}</bdi>}
        {releaseAt !== undefined && <ReleaseTime at={releaseAt} />}
        {lagMs !== undefined && (
          <span>
            {lagMs === 0 ? <FormattedMessage id="edition.first" /> : <Lag ms={lagMs} id="edition.lag" />}
          </span>
        )}
      </p>
      <p lang={feed.lang} dir={feed.dir} className="row-text">
        {content?.speaker !== undefined && <bdi>{content.speaker}: </bdi>}
        <bdi>{content?.text}</bdi>
      </p>
      {attention && attention.action !== 'needs-decision' && (
        <p className="fault" data-attention>
          <FormattedMessage
            id="edition.attention"
            values={{
              feed: <bdi>{attention.feed}</bdi>,
              act: <FormattedMessage id={`action.${attention.action}`} />,
            }}
          />
        </p>
      )}
    </>
  )
}

/** A time between two parts, in seconds. */
export function Lag({ ms, id }: { readonly ms: number; readonly id: 'edition.lag' | 'edition.spread' }) {
  const seconds = <FormattedNumber value={ms / 1_000} maximumFractionDigits={2} />
  return <FormattedMessage id={id} values={{ seconds }} />
}
