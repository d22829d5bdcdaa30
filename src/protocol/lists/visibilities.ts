/** The readers of a feed: all, or only those with a partner's key or token. Fixed when the feed is created. */
export const visibilities = ['public', 'partners'] as const
export type Visibility = (typeof visibilities)[number]
