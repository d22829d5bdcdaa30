import { memo, type ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { FeedTitle, Headline } from '../../sdk/types.ts'
import { useNewest } from '../platform/use-newest.ts'
import { BreakingLeft } from './breaking-left.tsx'
import { HeadlineRow } from './headline-row.tsx'
import type { Selection } from './selection.ts'
import type { StripState } from './use-strip.ts'

export interface LiveStripProps extends Selection {
  readonly feed: FeedTitle
  readonly strip: StripState
}

/** The lines that readers see now, in the order in which they see them. */
export function LiveStrip({
  feed,
  strip: { lines, status },
  selected,
  onSelect,
  acts,
  notes,
}: LiveStripProps) {
  const select = useNewest(onSelect)
  return (
    <>
      <p className="strip-state" role="status">
        {status && status.state !== 'live' && status.state !== 'connecting' && (
          <FormattedMessage id="strip.notLive" />
        )}
        {status?.frozen && <FormattedMessage id="strip.frozen" />}
        {lines?.length === 0 && <FormattedMessage id="strip.empty" />}
      </p>
      <ol className="rows strip">
        {lines?.map((line) => (
          <StripRow
            key={line.id}
            feed={feed}
            line={line}
            isSelected={line.id === selected}
            onSelect={select}
            notes={notes(line.id)}
            acts={line.id === selected && acts}
          />
        ))}
      </ol>
    </>
  )
}

interface StripRowProps {
  readonly feed: FeedTitle
  readonly line: Headline
  readonly isSelected: boolean
  readonly onSelect: (id: string) => void
  /** null on most lines, so that these are not drawn again. */
  readonly notes: ReactNode
  readonly acts: ReactNode
}

/** Drawn again only when its own line changes: on a busy day, the others move at each event. */
const StripRow = memo(function StripRow({ feed, line, isSelected, onSelect, notes, acts }: StripRowProps) {
  const intl = useIntl()
  return (
    <li className="row" data-status="live">
      <HeadlineRow
        isSelected={isSelected}
        onSelect={() => onSelect(line.id)}
        feed={feed}
        text={line.text}
        speaker={line.speaker}
        urgency={line.urgency}
      >
        <time dateTime={line.publishedAt}>{intl.formatTime(line.publishedAt, { hourCycle: 'h23' })}</time>
        {line.breakingUntil !== undefined && <BreakingLeft until={line.breakingUntil} />}
        {line.pinned && (
          <span>
            <FormattedMessage id="strip.pinned" />
          </span>
        )}
        {line.corrected !== undefined && (
          <span>
            <FormattedMessage
              id="strip.corrected"
              values={{ time: intl.formatTime(line.corrected, { hourCycle: 'h23' }) }}
            />
          </span>
        )}
      </HeadlineRow>
      {notes}
      {acts}
    </li>
  )
})
