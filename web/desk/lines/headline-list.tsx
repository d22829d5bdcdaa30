import { useMemo } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { groups, inGroups, type DeskHeadline, type Look } from './headline.ts'
import { HeadlineItem } from './headline-item.tsx'
import { LineRows } from './line-rows.tsx'
import type { Selection } from './selection.ts'
import { useServerTime } from '../platform/server-clock.ts'
import { useNewest } from '../platform/use-newest.ts'

export interface HeadlineListProps extends Selection {
  readonly feed: FeedTitle
  readonly headlines: readonly DeskHeadline[] | undefined
  /** There are more lines than these. */
  readonly hasMore: boolean
  readonly look: Omit<Look, 'now'>
  /** Takes a line back; undefined where the person may not. */
  readonly undoOf: (line: DeskHeadline) => (() => void) | undefined
  readonly isSending: boolean
}

/** Headlines that readers do not see, in groups by the next step. */
export function HeadlineList({
  feed,
  headlines,
  hasMore,
  look,
  undoOf,
  isSending,
  selected,
  onSelect,
  acts,
  notes,
}: HeadlineListProps) {
  const now = useServerTime()
  const { person, undoMs } = look
  const select = useNewest(onSelect)
  const grouped = useMemo(
    () => inGroups(headlines ?? [], { person, undoMs, now }),
    [headlines, person, undoMs, now],
  )
  if (!headlines)
    return (
      <p>
        <FormattedMessage id="list.loading" />
      </p>
    )
  const shown = groups.filter((group) => grouped.has(group))
  return (
    <>
      {shown.length === 0 && (
        <p>
          <FormattedMessage id="list.empty" />
        </p>
      )}
      {shown.map((group) => (
        <section key={group} className="group" data-group={group}>
          <h3 className="group-title">
            <FormattedMessage id={`list.${group}`} values={{ count: grouped.get(group)?.length ?? 0 }} />
          </h3>
          <LineRows lines={grouped.get(group) ?? []}>
            {(line) => (
              <HeadlineItem
                feed={feed}
                line={line}
                undo={group === 'outgoing' ? { of: undoOf(line), isSending, undoMs } : undefined}
                isSelected={line.id === selected}
                onSelect={select}
                notes={notes(line.id)}
                acts={line.id === selected && acts}
              />
            )}
          </LineRows>
        </section>
      ))}
      {hasMore && (
        <p>
          <FormattedMessage id="list.more" />
        </p>
      )}
    </>
  )
}
