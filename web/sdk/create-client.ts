import { surroundings, type Environment } from './environment.ts'
import { openFeed, type Listeners, type SharedFeed } from './shared-feed.ts'
import { withoutMark } from './read-frame.ts'
import type { Connection, ConnectOptions } from './types.ts'

/** Makes a `connect` with connections of its own. Errors of `connect`: TypeError if `url` is not a URL. */
export function createClient(given: Partial<Environment> = {}): (options: ConnectOptions) => Connection {
  const environment = { ...surroundings(), ...given }
  const feeds = new Map<string, SharedFeed>()
  const memory = {}

  return (options) => {
    const { token } = options
    // A connection of its own: lines behind a token reach no store, no other tab and no other subscriber.
    if (token)
      return createClient({ ...environment, WebSocket: undefined, token })({
        ...options,
        token: undefined,
        cache: undefined,
        shareAcrossTabs: undefined,
      })
    const base = String(options.url)
    const url = String(new URL(base.replace(/\/?$/, `/v1/feeds/${encodeURIComponent(options.feed)}`)))
    const query = queryOf({ ...options.filters, drill: options.drill ? 1 : [] })
    const key = `flashline:${url}?${query}`
    const feed = feeds.get(key) ?? openFeed(environment, { url, query, key, memory }, options)
    feeds.set(key, feed)
    return handleOf(feed, environment.wallClock, () => {
      feeds.delete(key)
      feed.close()
    })
  }
}

/** The filters as a query, equal for equal filters in any order. */
function queryOf(filters: object): string {
  const words = Object.entries(filters).flatMap(([name, value]): [string, string][] => {
    const text = [value].flat().sort().join()
    return text ? [[name, text]] : []
  })
  return String(new URLSearchParams(words.sort()))
}

/** One subscriber's connection, on the feed that all subscribers share. */
function handleOf(
  { view, lines, audience }: SharedFeed,
  wallClock: () => number,
  onLast: () => void,
): Connection {
  const listeners: Listeners = { strip: new Set(), event: new Set(), status: new Set() }
  audience.add(listeners)
  let closedAt: number | undefined
  return {
    get strip() {
      return lines()
    },
    get status() {
      const { status } = view()
      return closedAt
        ? { ...status, state: 'closed' as const, since: closedAt, transport: undefined }
        : status
    },
    get position() {
      return withoutMark(view().position)
    },
    get feed() {
      return view().feed
    },
    on(name, listener) {
      listeners[name].add(listener)
      return () => listeners[name].delete(listener)
    },
    close() {
      closedAt ??= wallClock()
      if (audience.delete(listeners) && audience.size === 0) onLast()
    },
  }
}
