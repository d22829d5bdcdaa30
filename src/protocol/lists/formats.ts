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
} as const satisfies Readonly<Record<string, FormatFacts>>
export type Format = keyof typeof formats

export const formatNames = Object.keys(formats) as Format[]
