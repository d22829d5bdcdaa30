import type { Projection } from '../protocol/lists/formats.ts'
import { documentPath, pageOf } from './addresses.ts'
import type { DocumentSource } from './document-source.ts'
import { itemsForReaders, itemsForScreens, withDrill, type Item } from './items.ts'
import { writeXml, type XmlElement } from './write-xml.ts'

/** RSS 2.0 (https://www.rssboard.org/rss-specification), with Dublin Core for what RSS has no element for. */
export function rss(source: DocumentSource, projection: Projection): string {
  const { feed, site, self, changedAt, licence } = source
  const title = withDrill(source, feed.title)
  const isForScreens = projection === 'screen'
  const items = isForScreens ? itemsForScreens(source) : itemsForReaders(source)
  return writeXml('rss', {
    '@version': '2.0',
    '@xmlns:atom': 'http://www.w3.org/2005/Atom',
    '@xmlns:dc': 'http://purl.org/dc/elements/1.1/',
    '@xmlns:dcterms': 'http://purl.org/dc/terms/',
    ...(licence !== undefined && { '@xmlns:rsl': 'https://rslstandard.org/rsl' }),
    channel: {
      title,
      link: pageOf(source),
      description: title,
      language: feed.lang,
      lastBuildDate: rfc822(changedAt),
      // In minutes; RSS knows no shorter time.
      ttl: '1',
      'atom:link': [
        { '@rel': 'self', '@href': site + self, '@type': 'application/rss+xml' },
        ...(licence === undefined
          ? []
          : [{ '@rel': 'license', '@href': licence, '@type': 'application/rsl+xml' }]),
      ],
      item: items.map((item) => itemOf(source, item, isForScreens)),
    },
  })
}

function itemOf(source: DocumentSource, item: Item, isForScreens: boolean): XmlElement {
  const { guid, title, link, published, updated, notice, line } = item
  return {
    title,
    link,
    guid: { '@isPermaLink': 'false', '#': guid },
    pubDate: rfc822(published),
    'dcterms:modified': updated,
    'dcterms:valid': line?.expiresAt === undefined ? undefined : `end=${line.expiresAt}; scheme=W3C-DTF`,
    ...(!isForScreens && {
      // Some readers show nothing but the description.
      description: notice === undefined ? title : `${title} – ${notice}`,
      category: line && categoriesOf(line),
      'dc:creator': line?.source,
      'dc:language': line?.lang,
    }),
    'rsl:content': licenceOf(source, item),
  }
}

function categoriesOf({ urgency, section, regions, tags }: NonNullable<Item['line']>): XmlElement[] {
  return [
    { '@domain': 'urgency', '#': urgency },
    ...[...(section === undefined ? [] : [section]), ...regions, ...tags],
  ]
}

/** RSL 1.0, section 4.7: the address has the origin of the feed. */
function licenceOf({ feed, site, licence }: DocumentSource, { headline }: Item): XmlElement {
  if (licence === undefined) return undefined
  return { '@url': site + documentPath(feed, { format: 'rss.xml', headline }), 'rsl:terms': licence }
}

/** `Mon, 05 Oct 2026 12:00:00 GMT` */
function rfc822(time: string): string {
  return new Date(time).toUTCString()
}
