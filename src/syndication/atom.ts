import type { Projection } from '../protocol/lists/formats.ts'
import { guidOf, pageOf } from './addresses.ts'
import type { DocumentSource } from './document-source.ts'
import { itemsForReaders, itemsForScreens, withDrill, type Item } from './items.ts'
import { writeXml, type XmlElement } from './write-xml.ts'

/**
 * Atom (RFC 4287) with tombstones (RFC 6721). A withdrawn headline has an entry without its words beside its tombstone,
 * which is the newer of the two: a reader that knows tombstones removes it, and every other one replaces the words.
 */
export function atom(source: DocumentSource, projection: Projection): string {
  const { feed, site, self, changedAt, licence } = source
  const isForScreens = projection === 'screen'
  const items = isForScreens ? itemsForScreens(source) : itemsForReaders(source)
  const withdrawn = items.filter(({ kind }) => kind === 'withdrawn')
  return writeXml('feed', {
    '@xmlns': 'http://www.w3.org/2005/Atom',
    '@xmlns:dcterms': 'http://purl.org/dc/terms/',
    '@xmlns:at': 'http://purl.org/atompub/tombstones/1.0',
    '@xml:lang': feed.lang,
    id: guidOf(feed, 'feed'),
    title: withDrill(source, feed.title),
    updated: changedAt,
    author: { name: feed.title },
    link: [
      { '@rel': 'self', '@href': site + self, '@type': 'application/atom+xml' },
      { '@rel': 'alternate', '@href': pageOf(source), '@type': 'text/html' },
      ...(licence === undefined
        ? []
        : [{ '@rel': 'license', '@href': licence, '@type': 'application/rsl+xml' }]),
    ],
    'at:deleted-entry': withdrawn.map(({ guid, updated }) => ({ '@ref': guid, '@when': updated })),
    entry: items.map((item) => entryOf(item, isForScreens)),
  })
}

function entryOf(item: Item, isForScreens: boolean): XmlElement {
  const { guid, title, link, published, updated, notice, line } = item
  return {
    '@xml:lang': line?.lang,
    id: guid,
    title: { '@type': 'text', '#': title },
    link: { '@rel': 'alternate', '@href': link },
    published,
    updated,
    'dcterms:valid': line?.expiresAt === undefined ? undefined : `end=${line.expiresAt}; scheme=W3C-DTF`,
    ...(!isForScreens && {
      author: line?.source === undefined ? undefined : { name: line.source },
      category: line && categoriesOf(line),
      content: { '@type': 'text', '#': notice === undefined ? title : `${title} – ${notice}` },
    }),
  }
}

function categoriesOf({ urgency, section, regions, tags }: NonNullable<Item['line']>): XmlElement[] {
  return [
    { '@scheme': 'tag:flashline,2026:urgency', '@term': urgency },
    ...[...(section === undefined ? [] : [section]), ...regions, ...tags].map((term) => ({ '@term': term })),
  ]
}
