import type { Urgency } from '../protocol/lists/urgencies.ts'
import { guidOf } from './addresses.ts'
import type { DocumentSource } from './document-source.ts'
import { itemsForReaders, withDrill, type Item } from './items.ts'

/** IPTC's scale goes from 1, the most urgent, to 9. */
const urgencies: Readonly<Record<Urgency, number>> = { flash: 1, bulletin: 2, urgent: 3, routine: 5 }

/**
 * ninjs 3.2 (https://iptc.org/std/ninjs/): a composite, with an association for each item. The schema allows no members of our
 * own, so everything stands under a property that it knows.
 */
export function ninjs(source: DocumentSource): string {
  const { feed, changedAt, licence } = source
  const rights = licence === undefined ? {} : { rightsInfo: { linkedRights: licence } }
  return JSON.stringify({
    uri: guidOf(feed, 'feed'),
    standard: {
      name: 'ninjs',
      version: '3.2',
      schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.2.json#',
    },
    type: 'composite',
    representationType: 'full',
    title: withDrill(source, feed.title),
    language: feed.lang,
    versionCreated: changedAt,
    ...rights,
    associations: itemsForReaders(source).map((item) => ({
      name: item.title,
      rel: 'item',
      ...newsObject(item, line(item, feed.lang)),
      ...rights,
    })),
  })
}

function line({ line: shown }: Item, language: string): string {
  return shown?.lang ?? language
}

function newsObject(item: Item, language: string): object {
  const { guid, headline, version, kind, title, published, updated, notice, line } = item
  const concepts = line && [...(line.section === undefined ? [] : [line.section]), ...line.tags]
  return {
    uri: guid,
    type: 'text',
    representationType: 'full',
    profile: kind,
    version: String(version),
    firstCreated: published,
    versionCreated: updated,
    pubStatus: kind === 'withdrawn' ? 'canceled' : kind === 'held' ? 'withheld' : 'usable',
    urgency: line && urgencies[line.urgency],
    language,
    headlines: [{ value: title }],
    ...(notice !== undefined && { descriptions: [{ role: 'notice', value: notice }] }),
    ...(concepts && concepts.length > 0 && { subjects: concepts.map((name) => ({ name })) }),
    ...(line && line.regions.length > 0 && { places: line.regions.map((name) => ({ name })) }),
    ...(line?.source !== undefined && { infoSources: [{ name: line.source }] }),
    expires: line?.expiresAt,
    altIds: [{ role: 'headline', value: headline }],
    ...(line?.link !== undefined && {
      renditions: [{ name: 'web', href: line.link, contentType: 'text/html' }],
    }),
  }
}
