/** For whom a document is: people with a reader, or screens that show titles and nothing else. */
export const projections = ['readers', 'screen'] as const
export type Projection = (typeof projections)[number]

interface FormatFacts {
  readonly type: string
  readonly name: string
  readonly projections: readonly Projection[]
}

/** Documents in which other programs read a feed: the last segment of the address, with the media type. */
export const formats = {
  'feed.json': { type: 'application/feed+json', name: 'JSON Feed', projections: ['readers'] },
  'rss.xml': { type: 'application/rss+xml; charset=utf-8', name: 'RSS', projections },
  'atom.xml': { type: 'application/atom+xml; charset=utf-8', name: 'Atom', projections },
  'ninjs.json': { type: 'application/json', name: 'ninjs', projections: ['readers'] },
  'live-blog.jsonld': { type: 'application/ld+json', name: 'JSON-LD', projections: ['readers'] },
  'lines.json': { type: 'application/json', name: 'JSON', projections: ['readers'] },
  'lines.ndjson': { type: 'application/x-ndjson', name: 'NDJSON', projections: ['readers'] },
  'lines.csv': { type: 'text/csv; charset=utf-8', name: 'CSV', projections: ['readers'] },
} as const satisfies Readonly<Record<string, FormatFacts>>
export type Format = keyof typeof formats

export const formatNames = Object.keys(formats) as Format[]
