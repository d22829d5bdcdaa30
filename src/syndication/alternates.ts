import type { FeedTitle } from '../protocol/feed.ts'
import { formatNames, formats } from '../protocol/lists/formats.ts'
import { documentPath } from './addresses.ts'

/** The same feed in another format, as a page or a header names it. */
export interface Alternate {
  readonly href: string
  readonly type: string
  readonly title: string
}

/** Formats that programs look for in pages. */
const inPages = ['feed.json', 'rss.xml', 'atom.xml'] as const

export function alternatesInPages(feed: FeedTitle): Alternate[] {
  return inPages.map((format) => ({
    href: documentPath(feed, { format }),
    type: mediaType(formats[format].type),
    title: `${feed.title} (${formats[format].name})`,
  }))
}

/** A feed's title is a new object when it changes. */
const headers = new WeakMap<FeedTitle, string>()

/** The value of a `Link` header (RFC 8288) with all formats. */
export function alternatesHeader(feed: FeedTitle): string {
  const held = headers.get(feed)
  if (held !== undefined) return held
  const links = formatNames.map(
    (format) =>
      `<${documentPath(feed, { format })}>; rel="alternate"; type="${mediaType(formats[format].type)}"`,
  )
  const made = links.join(', ')
  headers.set(feed, made)
  return made
}

function mediaType(type: string): string {
  return type.split(';')[0] ?? type
}
