import { frameAddress, frameHeights, frameHtml } from '../../protocol/embed.ts'
import { feedIdSchema, type FeedTitle } from '../../protocol/feed.ts'
import { embedQuery, frameQuery } from './embed-query.ts'

/** Pixels where the consumer names no bound. */
const WIDTH = 600
/** Seconds for which a consumer may keep the answer: it holds no news. */
const CACHE_AGE_S = 3_600

/** https://oembed.com, section 2.3.4: an answer of the type `rich`. */
export interface OEmbed {
  readonly version: '1.0'
  readonly type: 'rich'
  readonly title: string
  readonly provider_name: string
  readonly provider_url: string
  readonly cache_age: number
  readonly width: number
  readonly height: number
  readonly html: string
}

export interface Bounds {
  readonly maxwidth?: number | undefined
  readonly maxheight?: number | undefined
}

/** Where a server answers for one of its addresses. */
export function oembedAddress(origin: string, address: string): string {
  return `${origin}/oembed?${new URLSearchParams({ url: address, format: 'json' }).toString()}`
}

/** The feed that an address of ours shows in a frame, and its query; undefined where it shows none. */
export function frameAt(
  address: string,
  origin: string,
): { feed: string; query: Record<string, string> } | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined
  // Whoever writes the address down may not know whether there is TLS in front.
  if (!url || !/^https?:$/.test(url.protocol) || url.host !== new URL(origin).host) return undefined
  const feed = feedIdSchema.safeParse(/^\/embed\/([^/]+)$/.exec(url.pathname)?.[1])
  const query = Object.fromEntries(url.searchParams)
  const once = Object.keys(query).length === [...url.searchParams.keys()].length
  if (!feed.success || !once || !frameQuery.safeParse(query).success) return undefined
  return { feed: feed.data, query }
}

/** The frame as oEmbed describes it, within the consumer's bounds. */
export function describeFrame(
  origin: string,
  title: FeedTitle,
  query: Readonly<Record<string, string>>,
  { maxwidth = Infinity, maxheight = Infinity }: Bounds,
): OEmbed {
  const settings = { ...query, ...embedQuery.parse(query) }
  const width = Math.min(WIDTH, maxwidth)
  const height = Math.min(frameHeights[settings.mode], maxheight)
  const address = frameAddress(origin, title.id, settings)
  return {
    version: '1.0',
    type: 'rich',
    title: title.title,
    provider_name: 'Flashline',
    provider_url: `${origin}/`,
    cache_age: CACHE_AGE_S,
    width,
    height,
    html: frameHtml({ address, title: title.title, width, height }),
  }
}
