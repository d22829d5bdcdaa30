import type { Filter } from '../protocol/filter.ts'
import type { Format, Projection } from '../protocol/lists/formats.ts'
import type { FeedTitle } from '../protocol/feed.ts'
import type { DocumentSource } from './document-source.ts'

/**
 * The name of a headline that never moves (RFC 4151): no host is in it, because a server may get another one. The id of
 * a headline is random and the same nowhere else.
 */
export function guidOf({ id: feed }: Pick<FeedTitle, 'id'>, headline: string): string {
  return `tag:flashline,2026:${feed}:${headline}`
}

/** The feed's page, in a frame or alone. A fragment names the headline, so that each item has a link of its own. */
export function pageOf({ feed, site }: Pick<DocumentSource, 'feed' | 'site'>, headline?: string): string {
  const query = feed.drill ? '?drill=1' : ''
  return `${site}/embed/${feed.id}${query}${headline === undefined ? '' : `#${headline}`}`
}

export interface DocumentAddress {
  readonly format: Format
  readonly headline?: string | undefined
  readonly projection?: Projection
  readonly correctionItems?: boolean
  readonly filter?: Filter
}

/** The path of a document of a feed, or of one headline, with its query. */
export function documentPath(
  { id: feed, drill }: Pick<FeedTitle, 'id' | 'drill'>,
  { format, headline, projection = 'readers', correctionItems = false, filter = {} }: DocumentAddress,
): string {
  const of = headline === undefined ? '' : `/headlines/${headline}`
  const query = [
    ...(projection === 'readers' ? [] : [`for=${projection}`]),
    ...(correctionItems ? ['corrections=items'] : []),
    ...Object.entries(filter).map(([name, values]) => `${name}=${String(values)}`),
    ...(drill ? ['drill=1'] : []),
  ].join('&')
  return `/feeds/${feed}${of}/${format}${query && `?${query}`}`
}
