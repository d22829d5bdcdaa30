import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../sdk/types.ts'
import type { ApiClient, Session } from './api-client.ts'
import { ComposerForm } from './composer-form.tsx'
import { Health } from './health.tsx'
import { HeadlineList } from './headline-list.tsx'
import { LiveStrip } from './live-strip.tsx'
import { Receipts, type DoneAct } from './receipts.tsx'
import { useDeskStream } from './use-desk-stream.ts'
import { useHeadlines } from './use-feed-lists.ts'
import { useStrip } from './use-strip.ts'

export interface FeedDeskProps {
  readonly api: ApiClient
  readonly session: Session
  readonly feed: FeedTitle
}

const MOST_RECEIPTS = 10

/** The desk of one feed: the composer, the headlines that wait, the live strip, and the state of the service. */
export function FeedDesk({ api, session, feed }: FeedDeskProps) {
  const stream = useDeskStream(api, feed.id)
  const headlines = useHeadlines(api, feed.id)
  const strip = useStrip(feed.id)
  const [acts, setActs] = useState<readonly DoneAct[]>([])
  const readers = stream.receipt?.gateways.reduce((sum, gateway) => sum + gateway.readers, 0)

  function keep(act: DoneAct): void {
    setActs((before) => [act, ...before].slice(0, MOST_RECEIPTS))
  }

  return (
    <div className="columns">
      <section className="column column-list" aria-labelledby="list-title">
        <h2 id="list-title">
          <FormattedMessage id="list.title" />
        </h2>
        <HeadlineList feed={feed} headlines={headlines} />
      </section>
      <section className="column column-strip" aria-labelledby="strip-title">
        <ComposerForm api={api} session={session} feed={feed} readers={readers} onDone={keep} />
        <Receipts feed={feed} acts={acts} counts={stream.counts} />
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
