import { frameAddress, frameHeights, frameHtml } from '../../protocol/embed.ts'
import { drillWord } from '../../protocol/drill-word.ts'
import { feedIdSchema, type FeedTitle } from '../../protocol/feed.ts'
import type { OEmbed } from '../../protocol/oembed.ts'
import { drillQuery, embedQuery, frameQuery } from '../../protocol/reader-queries.ts'
import { parseUrl } from '../../protocol/parse-url.ts'

/** Width in pixels if the consumer sets no maximum. */
const WIDTH = 600
/** Seconds for which a consumer may cache the answer, which contains no headline. */
const CACHE_AGE_S = 3_600

export interface Bounds {
  readonly maxwidth?: number | undefined
  readonly maxheight?: number | undefined
}

/** The oEmbed endpoint's URL for the URL of a frame. */
export function oembedAddress(origin: string, address: string): string {
  return `${origin}/oembed?${new URLSearchParams({ url: address, format: 'json' }).toString()}`
}

/** The feed and the query of a frame's URL; undefined if the URL is not that of a frame on this server. */
export function frameAt(
  address: string,
  origin: string,
): { feed: string; query: Record<string, string> } | undefined {
  const url = parseUrl(address)
  // The scheme is ignored, since the author of the URL may not know whether TLS is terminated in front of the server.
  if (!url || !/^https?:$/.test(url.protocol) || url.host !== new URL(origin).host) return undefined
  const feed = feedIdSchema.safeParse(decoded(/^\/embed\/([^/]+)$/.exec(url.pathname)?.[1]))
  const query = Object.fromEntries(url.searchParams)
  const once = Object.keys(query).length === [...url.searchParams.keys()].length
  if (!feed.success || !once || !frameQuery.extend(drillQuery.shape).safeParse(query).success)
    return undefined
  return { feed: feed.data, query }
}

function withDrill(address: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}drill=1`
}

/** A segment of a path as the router of the frame reads it; undefined if its percent-encoding is malformed. */
function decoded(segment = ''): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

/** The oEmbed description of a frame, within the consumer's maximum size. */
export function describeFrame(
  origin: string,
  title: FeedTitle,
  query: Readonly<Record<string, string>>,
  { maxwidth = Infinity, maxheight = Infinity }: Bounds,
): OEmbed {
  const settings = { ...query, ...embedQuery.parse(query) }
  const width = Math.min(WIDTH, maxwidth)
  const height = Math.min(frameHeights[settings.mode], maxheight)
  const name = title.drill ? `${drillWord(title.lang).text}: ${title.title}` : title.title
  const address = frameAddress(origin, title.id, settings)
  return {
    version: '1.0',
    type: 'rich',
    title: name,
    provider_name: 'Flashline',
    provider_url: `${origin}/`,
    cache_age: CACHE_AGE_S,
    width,
    height,
    // The frame of a drill is served only to a request that says so.
    html: frameHtml({
      address: title.drill ? withDrill(address) : address,
      title: name,
      width,
      height,
    }),
  }
}
