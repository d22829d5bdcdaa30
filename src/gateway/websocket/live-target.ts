import { isFeedId } from '../../protocol/feed.ts'

/** A request target is a stranger's: it is cut up here by rules that cannot throw (no URL parser sees it raw). */
export function liveTarget(target: string): { feed: string; query: URLSearchParams } | undefined {
  const question = target.indexOf('?')
  const path = question < 0 ? target : target.slice(0, question)
  const feed = /^\/v1\/feeds\/([^/]+)\/live$/.exec(path)?.[1]
  if (feed === undefined || !isFeedId(feed)) return undefined
  return { feed, query: new URLSearchParams(question < 0 ? '' : target.slice(question + 1)) }
}
