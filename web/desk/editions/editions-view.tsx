import './editions.css'
import { FormattedMessage } from 'react-intl'
import { hasRole } from '../composer/may-publish.ts'
import { useFeeds } from '../lines/use-feed-lists.ts'
import { useAddress } from '../platform/use-address.ts'
import type { PersonViewProps } from '../platform/view-props.ts'
import { EditionPage } from './edition-page.tsx'
import { WishForm } from './wish-form.tsx'

/** One piece of news in several feeds: `#/editions` writes it, `#/editions/<id>` shows it. */
export function EditionsView({ api, session }: PersonViewProps) {
  const feeds = useFeeds(api, session)
  const [, edition] = useAddress()
  if (!feeds)
    return (
      <p>
        <FormattedMessage id="list.loading" />
      </p>
    )
  const writable = feeds.filter(({ id }) => hasRole(session, id, 'reporter'))
  return (
    <section className="view-part" aria-labelledby="editions-title">
      <h2 id="editions-title">
        <FormattedMessage id="edition.title" />
      </h2>
      {edition !== undefined ? (
        <EditionPage key={edition} api={api} session={session} edition={edition} feeds={feeds} />
      ) : writable.length > 0 ? (
        <WishForm api={api} session={session} feeds={writable} />
      ) : (
        <p>
          <FormattedMessage id="edition.noFeed" />
        </p>
      )}
    </section>
  )
}
