import { pageOf } from './addresses.ts'
import type { DocumentSource } from './document-source.ts'
import { itemsForReaders, withDrill, type Item } from './items.ts'

/** A LiveBlogPosting of schema.org in JSON-LD, which may stand in a script element of a page. */
export function liveBlog(source: DocumentSource): string {
  const { feed, site, self, changedAt, licence } = source
  const items = itemsForReaders(source)
  const first = items.map(({ published }) => published).sort()[0] ?? changedAt
  const posting = {
    '@context': 'https://schema.org',
    '@type': 'LiveBlogPosting',
    '@id': site + self,
    headline: withDrill(source, feed.title),
    url: pageOf(source),
    inLanguage: feed.lang,
    datePublished: first,
    dateModified: changedAt,
    coverageStartTime: first,
    license: licence,
    liveBlogUpdate: items.map((item) => updateOf(item, feed.lang)),
  }
  // A text must not end the script element.
  return JSON.stringify(posting).replaceAll('<', '\\u003c')
}

function updateOf(
  { guid, kind, title, link, published, updated, notice, line }: Item,
  language: string,
): object {
  const { corrected, note } = line ?? {}
  const comment = { '@type': 'CorrectionComment', text: note ?? notice, datePublished: corrected }
  return {
    '@type': 'BlogPosting',
    '@id': guid,
    headline: title,
    articleBody: title,
    url: link,
    datePublished: published,
    dateModified: updated,
    inLanguage: line?.lang ?? language,
    expires: line?.expiresAt,
    ...(line?.source !== undefined && { author: { '@type': 'Organization', name: line.source } }),
    ...(kind === 'headline' && corrected !== undefined && { correction: comment }),
    ...(line === undefined && { creativeWorkStatus: kind === 'withdrawn' ? 'Withdrawn' : 'OnHold' }),
  }
}
