import { memo, type ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { embargoAhead } from '../platform/embargo-ahead.ts'
import { EmbargoEnd } from '../platform/embargo-end.tsx'
import { serverClock } from '../platform/server-clock.ts'
import { AttentionText } from './attention-text.tsx'
import { lastCallMs, type DeskHeadline, type Look } from './headline.ts'
import { HeadlineRow } from './headline-row.tsx'
import { ReleaseTime } from '../platform/release-time.tsx'
import { UndoRing } from './undo-ring.tsx'
import { outgoingWords } from './use-line.ts'

export interface HeadlineItemProps {
  readonly feed: FeedTitle
  readonly line: DeskHeadline
  readonly isSelected: boolean
  readonly onSelect: (id: string) => void
  /** null on most lines, so that these are not drawn again. */
  readonly notes: ReactNode
  readonly acts: ReactNode
  /** Present on a line that goes out in a moment. */
  readonly undo:
    | {
        readonly of: (() => void) | undefined
        readonly isSending: boolean
        readonly undoMs: Look['undoMs']
      }
    | undefined
}

/** A line of the list, with everything that an editor has to know before the next step. */
export const HeadlineItem = memo(function HeadlineItem(props: HeadlineItemProps) {
  const { feed, line, undo, isSelected, onSelect, acts, notes } = props
  const { id, status, desk, releaseAt, attention } = line
  const words = outgoingWords(line)
  const embargoEnd = embargoAhead(line, serverClock.now())
  const isEmbargoed = status === 'due' && embargoEnd !== undefined
  const wantedAt = status === 'pending' && desk?.releaseAt !== undefined ? desk.releaseAt : undefined
  return (
    <>
      <HeadlineRow
        isSelected={isSelected}
        onSelect={() => onSelect(id)}
        feed={feed}
        text={words?.text ?? attention?.text ?? ''}
        speaker={words?.speaker}
        urgency={words?.urgency ?? 'routine'}
      >
        <span className="status" data-status={isEmbargoed ? 'embargoed' : status}>
          <FormattedMessage
            id={isEmbargoed ? 'embargo.due' : desk?.proposal ? 'status.proposal' : `status.${status}`}
          />
        </span>
        {status === 'due' && releaseAt !== undefined && <ReleaseTime at={releaseAt} />}
        {embargoEnd !== undefined && (!isEmbargoed || releaseAt !== new Date(embargoEnd).toISOString()) && (
          <EmbargoEnd until={embargoEnd} />
        )}
        {wantedAt !== undefined && wantedAt !== embargoEnd && (
          <ReleaseTime at={new Date(wantedAt).toISOString()} />
        )}
      </HeadlineRow>
      {undo && releaseAt !== undefined && (
        <UndoRing
          at={releaseAt}
          windowMs={lastCallMs(line, undo.undoMs)}
          onUndo={undo.of}
          isSending={undo.isSending}
        />
      )}
      {attention && <AttentionText attention={attention} />}
      {desk?.reason !== undefined && (
        <q className="row-reason">
          <bdi>{desk.reason}</bdi>
        </q>
      )}
      {notes}
      {acts}
    </>
  )
})
