import { Button, NativeSelect } from '@mantine/core'
import { Suspense, useEffect, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { openSearch } from './archive/open-search.ts'
import { DrillMark } from './drill-mark.tsx'
import { KeyHelp } from './keys/key-help.tsx'
import { listenToKeys } from './keys/listen-to-keys.ts'
import { Palette } from './keys/palette.tsx'
import { useCommands } from './keys/running-commands.ts'
import { useFeeds } from './lines/use-feed-lists.ts'
import type { ApiClient, Session } from './platform/api-client.ts'
import type { DeskFeed } from './platform/desk-feed.ts'
import { FaultBoundary } from './platform/fault-boundary.tsx'
import { kept } from './platform/kept.ts'
import { ViewLinks } from './view-links.tsx'
import { feedViews, needsNoFeed, namesFor, personViews, useView, type ViewName } from './views.ts'

export interface DeskProps {
  readonly api: ApiClient
  readonly session: Session
}

/** The desk of one person: the view and the feed that are open, and the way to the others. */
export function Desk({ api, session }: DeskProps) {
  const intl = useIntl()
  const feeds = useFeeds(api, session)
  const view = useView()
  const [chosen, setChosen] = useState(() => kept.get('feed'))
  const feed: DeskFeed | undefined = feeds?.find(({ id }) => id === chosen) ?? feeds?.[0]
  const [showsKeys, setShowsKeys] = useState(false)
  const [showsPalette, setShowsPalette] = useState(false)
  useEffect(() => listenToKeys(() => setShowsPalette(true)), [])
  useCommands({ help: () => setShowsKeys(true), search: openSearch })

  function openFeed(id: string): void {
    kept.set('feed', id)
    setChosen(id)
  }

  const loading = <FormattedMessage id="list.loading" />

  function shown(name: ViewName) {
    if (needsNoFeed(name)) {
      const View = personViews[name]
      return <View api={api} session={session} />
    }
    const View = feedViews[name]
    return feed && <View key={feed.id} api={api} session={session} feed={feed} />
  }

  return (
    <main className="desk" data-drill={feed?.drill}>
      {feed?.drill && <DrillMark key={feed.id} />}
      <div className="desk-head">
        <h1>
          <FormattedMessage id="desk.title" />
        </h1>
        {feeds && feed && (
          <NativeSelect
            size="xs"
            aria-label={intl.formatMessage({ id: 'desk.feed' })}
            value={feed.id}
            data={feeds.map(({ id, title, drill }) => ({
              value: id,
              label: `${title} (${id})${drill ? ` · ${intl.formatMessage({ id: 'desk.drill' })}` : ''}`,
            }))}
            onChange={({ currentTarget: { value } }) => openFeed(value)}
          />
        )}
        <ViewLinks session={session} open={view.name} />
        <Button variant="default" size="xs" onClick={() => setShowsKeys(true)}>
          <FormattedMessage id="keys.title" />
        </Button>
      </div>
      <FaultBoundary key={view.name}>
        <Suspense fallback={<p>{loading}</p>}>
          {shown(view.name) ?? <p>{feeds ? <FormattedMessage id="desk.noFeed" /> : loading}</p>}
        </Suspense>
      </FaultBoundary>
      <KeyHelp isOpen={showsKeys} onClose={() => setShowsKeys(false)} />
      {showsPalette && (
        <Palette
          views={namesFor(session).map((name) => ({
            name,
            title: intl.formatMessage({ id: `view.${name}` }),
          }))}
          feeds={feeds ?? []}
          onFeed={openFeed}
          onClose={() => setShowsPalette(false)}
        />
      )}
    </main>
  )
}
