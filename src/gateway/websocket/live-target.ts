import { isFeedId } from '../../protocol/feed.ts'

/** Parses an untrusted request target with rules that cannot throw; a URL parser could. */
export function liveTarget(target: string): { feed: string; query: URLSearchParams } | undefined {
  const queryStart = target.indexOf('?')
  const path = queryStart < 0 ? target : target.slice(0, queryStart)
  const feed = /^\/v1\/feeds\/([^/]+)\/live$/.exec(path)?.[1]
  if (feed === undefined || !isFeedId(feed)) return undefined
  return { feed, query: new URLSearchParams(queryStart < 0 ? '' : target.slice(queryStart + 1)) }
}
