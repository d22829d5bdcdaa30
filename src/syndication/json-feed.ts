import { pageOf } from './addresses.ts'
import type { DocumentSource } from './document-source.ts'
import { itemsForReaders, withDrill, type Item } from './items.ts'

/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). `_flashline` is an extension, which other readers ignore. */
export function jsonFeed(source: DocumentSource): string {
  const { feed, site, self, licence } = source
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: withDrill(source, feed.title),
    home_page_url: pageOf(source),
    feed_url: site + self,
    language: feed.lang,
    _flashline: { about: `${site}/v1/feeds/${feed.id}`, changed: source.changedAt, license: licence },
    items: itemsForReaders(source).map(itemOf),
  })
}

function itemOf(item: Item): object {
  const { guid, headline, version, kind, title, link, published, updated, notice, line } = item
  const tags = line && [line.section, ...line.regions, ...line.tags].filter((tag) => tag !== undefined)
  return {
    id: guid,
    url: link,
    external_url: line?.link,
    title,
    content_text: notice === undefined ? title : `${title}\n\n${notice}`,
    date_published: published,
    date_modified: updated,
    ...(line?.source !== undefined && { authors: [{ name: line.source }] }),
    ...(tags && tags.length > 0 && { tags }),
    language: line?.lang,
    _flashline: {
      headline,
      version,
      status: kind === 'held' || kind === 'withdrawn' ? kind : 'live',
      urgency: line?.urgency,
      expires: line?.expiresAt,
      breaking_until: line?.breakingUntil,
    },
  }
}
