import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { FeedTitle } from '../sdk/types.ts'
import type { ApiClient, Session } from './api-client.ts'
import { FeedDesk } from './feed-desk.tsx'
import { kept } from './kept.ts'
import { useFeeds } from './use-feed-lists.ts'

export interface DeskProps {
  readonly api: ApiClient
  readonly session: Session
}

/** The desk of one person: the feed that was open last, and the way to the others. */
export function Desk({ api, session }: DeskProps) {
  const intl = useIntl()
  const feeds = useFeeds(api, session)
  const [chosen, setChosen] = useState(() => kept.get('feed'))
  const feed: FeedTitle | undefined = feeds?.find(({ id }) => id === chosen) ?? feeds?.[0]
  return (
    <main className="desk">
      <div className="desk-head">
        <h1>
          <FormattedMessage id="desk.title" />
        </h1>
        {feeds && feed && (
          <NativeSelect
            size="xs"
            aria-label={intl.formatMessage({ id: 'desk.feed' })}
            value={feed.id}
            data={feeds.map(({ id, title }) => ({ value: id, label: `${title} (${id})` }))}
            onChange={({ currentTarget: { value } }) => {
              kept.set('feed', value)
              setChosen(value)
            }}
          />
        )}
      </div>
      {feed ? (
        <FeedDesk key={feed.id} api={api} session={session} feed={feed} />
      ) : (
        <p>
          <FormattedMessage id={feeds ? 'desk.noFeed' : 'list.loading'} />
        </p>
      )}
    </main>
  )
}
