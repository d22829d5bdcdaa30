import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Urgency } from '../../../src/protocol/lists/urgencies.ts'
import type { FeedTitle } from '../../sdk/types.ts'
import type { ApiClient, Session } from '../platform/api-client.ts'
import { JoinLine } from './join-line.tsx'
import { NewPart } from './new-part.tsx'

export interface AddPartProps {
  readonly api: ApiClient
  readonly session: Session
  readonly edition: string
  /** The feeds that have no part yet. */
  readonly feeds: readonly FeedTitle[]
  readonly urgency: Urgency | undefined
  readonly onDone: () => void
}

/** The part of another feed: a line that is there already, or a new one. */
export function AddPart({ api, session, edition, feeds, urgency, onDone }: AddPartProps) {
  const intl = useIntl()
  const [chosen, setChosen] = useState('')
  const feed = feeds.find(({ id }) => id === chosen)
  return (
    <div className="stack">
      <NativeSelect
        label={<FormattedMessage id="edition.add" />}
        value={feed?.id ?? ''}
        data={[
          { value: '', label: intl.formatMessage({ id: 'edition.chooseFeed' }) },
          ...feeds.map(({ id, title }) => ({ value: id, label: `${title} (${id})` })),
        ]}
        onChange={({ currentTarget: { value } }) => setChosen(value)}
      />
      {feed && (
        <div key={feed.id} className="edition-cells">
          <div className="edition-cell">
            <JoinLine api={api} edition={edition} feed={feed} onDone={onDone} />
          </div>
          <div className="edition-cell">
            <NewPart
              api={api}
              session={session}
              edition={edition}
              feed={feed}
              urgency={urgency}
              onDone={onDone}
            />
          </div>
        </div>
      )}
    </div>
  )
}
