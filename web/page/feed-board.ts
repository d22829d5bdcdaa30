import type { FeedTitle } from '../../src/protocol/feed.ts'
import { connect, type Connection, type ConnectionState } from '../sdk/index.ts'
import { feedView, type FeedView } from './feed-view.ts'
import { readFeeds } from './read-feeds.ts'

const LOAD_LIMIT_MS = 10_000
/**
 * A connection must be lost for this time before the page's summary says so: screen readers do not announce a short
 * reconnect.
 */
const SETTLE_MS = 1_500

interface ShownFeed {
  readonly feed: FeedTitle
  readonly view: FeedView
  readonly connection: Connection
}

export interface FeedBoard {
  /** Adds new feeds and removes deleted ones. Never throws: a failure is shown, and the next call tries again. */
  readonly loadFeeds: () => Promise<void>
  readonly refreshTimes: () => void
}

/** Shows all feeds of this server, each with its own card and connection. */
export function feedBoard(deps: {
  readonly feeds: HTMLElement
  readonly notice: HTMLElement
  readonly summary: HTMLElement
  readonly wallClock: () => number
  readonly onFeeds: (feeds: readonly FeedTitle[]) => void
}): FeedBoard {
  const shown = new Map<string, ShownFeed>()
  let loading = false
  let settling: number | undefined

  async function loadFeeds(): Promise<void> {
    if (loading) return
    loading = true
    try {
      const listed = await fetchFeeds()
      if (listed) {
        showFeeds(listed)
        deps.onFeeds(listed)
      } else if (shown.size === 0) showNotice('The list of feeds cannot be loaded. Trying again.')
    } finally {
      loading = false
    }
  }

  function showFeeds(listed: readonly FeedTitle[]): void {
    const ids = new Set(listed.map(({ id }) => id))
    for (const [id, entry] of shown) if (!ids.has(id)) remove(entry)
    for (const feed of listed) {
      const entry = shown.get(feed.id)
      if (entry && isSame(entry.feed, feed)) continue
      if (entry) remove(entry)
      add(feed)
    }
    // A card that is in the right place is not moved, since moving resets its scroll position.
    let before: Element | null = deps.feeds.querySelector('.feed')
    for (const { id } of listed) {
      const card = shown.get(id)?.view.card
      if (!card) continue
      if (card === before) before = card.nextElementSibling
      else deps.feeds.insertBefore(card, before)
    }
    showNotice(listed.length === 0 ? 'There is no feed yet. A new one appears here by itself.' : undefined)
    summarise()
  }

  function add(feed: FeedTitle): void {
    const view = feedView(feed, deps.wallClock)
    const connection = connect({ url: location.origin, feed: feed.id })
    const show = (): void => view.show(connection.strip, connection.status)
    connection.on('strip', show)
    connection.on('status', () => {
      show()
      summarise()
    })
    show()
    shown.set(feed.id, { feed, view, connection })
    deps.feeds.append(view.card)
  }

  function remove({ feed, view, connection }: ShownFeed): void {
    connection.close()
    view.card.remove()
    shown.delete(feed.id)
  }

  function showNotice(text: string | undefined): void {
    deps.notice.hidden = text === undefined
    deps.notice.textContent = text ?? ''
  }

  function summarise(): void {
    clearTimeout(settling)
    settling = setTimeout(() => {
      const states = Array.from(shown.values(), ({ feed, connection }) => ({
        feed,
        state: connection.status.state,
      }))
      const text = summaryOf(states)
      if (deps.summary.textContent !== text) deps.summary.textContent = text
    }, SETTLE_MS)
  }

  return {
    loadFeeds,
    refreshTimes() {
      for (const { view } of shown.values()) view.refreshTimes()
    },
  }
}

async function fetchFeeds(): Promise<FeedTitle[] | undefined> {
  try {
    const answer = await fetch('/v1/feeds', { cache: 'no-cache', signal: AbortSignal.timeout(LOAD_LIMIT_MS) })
    return answer.ok ? readFeeds(await answer.json()) : undefined
  } catch {
    return undefined
  }
}

function isSame(a: FeedTitle, b: FeedTitle): boolean {
  return a.title === b.title && a.lang === b.lang && a.dir === b.dir
}

function summaryOf(feeds: readonly { feed: FeedTitle; state: ConnectionState }[]): string {
  const behind = feeds.filter(({ state }) => state !== 'live')
  if (feeds.length === 0) return ''
  if (behind.length === 0) return feeds.length === 1 ? 'Live' : `All ${feeds.length} feeds live`
  if (behind.length === feeds.length) return 'Not live'
  return `Not live: ${behind.map(({ feed }) => feed.title).join(', ')}`
}
