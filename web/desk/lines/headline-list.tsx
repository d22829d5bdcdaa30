import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { groups, inGroups, type DeskHeadline } from './headline.ts'
import { HeadlineRow } from './headline-row.tsx'
import type { Selection } from './selection.ts'
import { ReleaseTime } from './release-time.tsx'

export interface HeadlineListProps extends Selection {
  readonly feed: FeedTitle
  readonly headlines: readonly DeskHeadline[] | undefined
}

/** Headlines that readers do not see, in groups by the next step. */
export function HeadlineList({ feed, headlines, selected, onSelect, acts }: HeadlineListProps) {
  if (!headlines)
    return (
      <p>
        <FormattedMessage id="list.loading" />
      </p>
    )
  const grouped = inGroups(headlines)
  const shown = groups.filter((group) => grouped.has(group))
  if (shown.length === 0)
    return (
      <p>
        <FormattedMessage id="list.empty" />
      </p>
    )
  return shown.map((group) => (
    <section key={group} className="group" data-group={group}>
      <h3 className="group-title">
        <FormattedMessage id={`list.${group}`} values={{ count: grouped.get(group)?.length ?? 0 }} />
      </h3>
      <ul className="rows">
        {grouped.get(group)?.map((line) => (
          <li key={line.id} className="row" data-status={line.status}>
            <HeadlineRow
              isSelected={line.id === selected}
              onSelect={() => onSelect(line.id)}
              feed={feed}
              text={line.desk?.proposal?.content.text ?? line.content?.text ?? ''}
              speaker={line.content?.speaker}
              urgency={line.content?.urgency ?? 'routine'}
            >
              <span>
                <FormattedMessage id={`status.${line.status}`} />
              </span>
              {line.status === 'due' && line.releaseAt !== undefined && <ReleaseTime at={line.releaseAt} />}
            </HeadlineRow>
            {line.id === selected && acts}
            {line.desk?.reason !== undefined && (
              <q className="row-reason">
                <bdi>{line.desk.reason}</bdi>
              </q>
            )}
          </li>
        ))}
      </ul>
    </section>
  ))
}
