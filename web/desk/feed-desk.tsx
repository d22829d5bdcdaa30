import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../sdk/types.ts'
import type { ApiClient } from './api-client.ts'
import { Health } from './health.tsx'
import { HeadlineList } from './headline-list.tsx'
import { LiveStrip } from './live-strip.tsx'
import { useDeskStream } from './use-desk-stream.ts'
import { useHeadlines } from './use-feed-lists.ts'
import { useStrip } from './use-strip.ts'

export interface FeedDeskProps {
  readonly api: ApiClient
  readonly feed: FeedTitle
}

/** The desk of one feed: the headlines that wait, the live strip, and the state of the service. */
export function FeedDesk({ api, feed }: FeedDeskProps) {
  const stream = useDeskStream(api, feed.id)
  const headlines = useHeadlines(api, feed.id)
  const strip = useStrip(feed.id)
  return (
    <div className="columns">
      <section className="column column-list" aria-labelledby="list-title">
        <h2 id="list-title">
          <FormattedMessage id="list.title" />
        </h2>
        <HeadlineList feed={feed} headlines={headlines} />
      </section>
      <section className="column column-strip" aria-labelledby="strip-title">
        <h2 id="strip-title">
          <FormattedMessage id="strip.title" />
        </h2>
        <LiveStrip feed={feed} strip={strip} />
      </section>
      <section className="column column-health" aria-labelledby="health-title">
        <h2 id="health-title">
          <FormattedMessage id="health.title" />
        </h2>
        <Health api={api} stream={stream} />
      </section>
    </div>
  )
}
