import type { FeedTitle } from '../../protocol/feed.ts'
import { alternatesInPages } from '../../syndication/alternates.ts'
import { attributes, html, type Html } from './html.ts'

/** Names the same feed in the formats that programs look for in pages. */
export function alternatesHtml(feed: FeedTitle): Html[] {
  return alternatesInPages(feed).map((link) => html`<link ${attributes({ rel: 'alternate', ...link })} />`)
}
