import { isFeedId } from '../../protocol/feed.ts'
import { readerRoutes } from '../../protocol/reader-routes.ts'

const PATH = new RegExp(`^${readerRoutes.live.path.replace('{feed}', '([^/]+)')}$`)

/** Parses an untrusted request target with rules that cannot throw; a URL parser could. */
export function liveTarget(target: string): { feed: string; query: URLSearchParams } | undefined {
  const queryStart = target.indexOf('?')
  const path = queryStart < 0 ? target : target.slice(0, queryStart)
  const feed = PATH.exec(path)?.[1]
  if (feed === undefined || !isFeedId(feed)) return undefined
  return { feed, query: new URLSearchParams(queryStart < 0 ? '' : target.slice(queryStart + 1)) }
}
