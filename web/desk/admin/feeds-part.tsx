import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { useFeeds } from '../lines/use-feed-lists.ts'
import { kept } from '../platform/kept.ts'
import type { PersonViewProps } from '../platform/view-props.ts'
import { FeedForm } from './feed-form.tsx'
import { PolicyPart } from './policy-part.tsx'
import { PresentationPart } from './presentation-part.tsx'

/** The feeds: a new one, and the policy and the look of each. */
export function FeedsPart({ api, session }: PersonViewProps) {
  const feeds = useFeeds(api, session)
  const [chosen, setChosen] = useState(() => kept.get('feed'))
  const feed = feeds?.find(({ id }) => id === chosen) ?? feeds?.[0]
  return (
    <>
      {feed && feeds && (
        <>
          <NativeSelect
            className="view-narrow"
            label={<FormattedMessage id="feeds.choose" />}
            value={feed.id}
            data={feeds.map(({ id, title }) => ({ value: id, label: `${title} (${id})` }))}
            onChange={({ currentTarget: { value } }) => setChosen(value)}
          />
          <PolicyPart key={`policy ${feed.id}`} api={api} session={session} feed={feed} />
          <PresentationPart key={`look ${feed.id}`} api={api} session={session} feed={feed} />
        </>
      )}
      {session.roles?.['*'] === 'admin' && <FeedForm api={api} onMade={({ id }) => setChosen(id)} />}
    </>
  )
}
