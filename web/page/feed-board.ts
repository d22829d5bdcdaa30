import type { FeedTitle } from '../../src/protocol/feed.ts'
import { readOwnTable, type OwnTable } from '../../src/protocol/own-table.ts'
import { urgencyWord } from '../../src/protocol/line-words.ts'
import { shownUrgency } from '../../src/protocol/shown-urgency.ts'
import { element } from '../lines/element.ts'
import { loadWords } from '../lines/load-words.ts'
import { connect, type Connection, type ConnectionState, type FeedEvent } from '../sdk/index.ts'
import { feedView, type FeedView } from './feed-view.ts'
import { readFeeds } from './read-feeds.ts'
import { wordsFor, type PageWords } from './words-for.ts'

const LOAD_LIMIT_MS = 10_000
/**
 * A connection must be lost for this time before the page's summary says so: screen readers do not announce a short
 * reconnect.
 */
const SETTLE_MS = 1_500
/** Time after which the announced text is removed, so that a screen reader does not read it again. */
const ANNOUNCED_FOR_MS = 5_000

interface ShownFeed {
  readonly feed: FeedTitle
  readonly view: FeedView
  readonly connection: Connection
}

export interface FeedBoard {
  /** Adds new feeds and removes deleted ones. Never throws: a failure is shown, and the next call tries again. */
  readonly loadFeeds: () => Promise<void>
  readonly refreshTimes: () => void
  /** Takes the labels from the lines that are called breaking no longer. */
  readonly endLabels: () => void
  /** Marks the link of the feed that a phone shows. */
  readonly markChoice: () => void
}

/** Shows all feeds of this server, each with its own card and connection. */
export function feedBoard(deps: {
  readonly feeds: HTMLElement
  readonly choice: HTMLElement
  readonly notice: HTMLElement
  readonly summary: HTMLElement
  readonly announcement: HTMLElement
  readonly wallClock: () => number
}): FeedBoard {
  const shown = new Map<string, ShownFeed>()
  const tables = new Map<string, OwnTable | undefined>()
  let loading = false
  let settling: number | undefined

  async function loadFeeds(): Promise<void> {
    if (loading) return
    loading = true
    try {
      const listed = await fetchFeeds()
      if (listed) {
        await loadTables(listed)
        showFeeds(listed)
      } else if (shown.size === 0) showNotice('The list of feeds cannot be loaded. Trying again.')
    } finally {
      loading = false
    }
  }

  /** The own words of feeds that are new or have changed, before their headlines show. */
  async function loadTables(listed: readonly FeedTitle[]): Promise<void> {
    const changed = listed.filter(
      ({ id, words }) => words !== undefined && shown.get(id)?.feed.words !== words,
    )
    await Promise.all(
      changed.map(async ({ id }) => tables.set(id, await loadWords(location.origin, id, readOwnTable))),
    )
  }

  function showFeeds(listed: readonly FeedTitle[]): void {
    const ids = new Set(listed.map(({ id }) => id))
    for (const [id, entry] of shown) if (!ids.has(id)) remove(entry)
    // The server's page may have a feed that was deleted meanwhile.
    for (const card of deps.feeds.querySelectorAll<HTMLElement>('.feed'))
      if (!ids.has(card.dataset.feed ?? '')) card.remove()
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
    showChoice(listed)
    showNotice(listed.length === 0 ? 'There is no feed yet. A new one appears here by itself.' : undefined)
    summarise()
  }

  function add(feed: FeedTitle): void {
    const connection = connect({ url: location.origin, feed: feed.id })
    // The server's clock: the clock of a reader's computer may be wrong.
    const now = (): number => deps.wallClock() + (connection.status.clockOffsetMs ?? 0)
    const words = wordsFor(feed, feed.words === undefined ? undefined : tables.get(feed.id))
    const view = feedView(feed, words, now)
    const show = (): void => view.show(connection.strip, connection.status)
    connection.on('strip', show)
    connection.on('event', (event) => announce(event, feed, words, now()))
    connection.on('status', () => {
      show()
      summarise()
    })
    show()
    shown.set(feed.id, { feed, view, connection })
    if (!view.card.isConnected) deps.feeds.append(view.card)
  }

  function remove({ feed, view, connection }: ShownFeed): void {
    connection.close()
    view.card.remove()
    shown.delete(feed.id)
  }

  function showChoice(listed: readonly FeedTitle[]): void {
    deps.choice.hidden = listed.length < 2
    const addresses = Array.from(deps.choice.querySelectorAll('a'), ({ hash }) => hash)
    if (listed.map(({ id }) => `#feed-${id}`).join() !== addresses.join()) {
      const links = listed.map(({ id, title, lang, dir }) =>
        element('a', { href: `#feed-${id}`, lang, dir }, title),
      )
      deps.choice.replaceChildren(...links)
    }
    markChoice()
  }

  function markChoice(): void {
    const links = [...deps.choice.querySelectorAll('a')]
    const chosen = links.find(({ hash }) => hash === location.hash) ?? links[0]
    for (const link of links) {
      if (link === chosen) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    }
  }

  /** Screen readers hear flashes, each in its language. */
  function announce({ op, headline }: FeedEvent, feed: FeedTitle, words: PageWords, now: number): void {
    if (op !== 'publish' || headline.status !== 'live') return
    const urgency = shownUrgency(headline, now)
    if (urgency !== 'flash') return
    const { text, speaker, lang = feed.lang } = headline
    const label = element('span', { lang: words.lang }, `${urgencyWord(words, urgency)}: `)
    const said = speaker === undefined ? text : `${speaker}: ${text}`
    const statement = element('span', { lang }, said)
    deps.announcement.replaceChildren(label, statement)
    setTimeout(() => statement.isConnected && deps.announcement.replaceChildren(), ANNOUNCED_FOR_MS)
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
    markChoice,
    refreshTimes() {
      for (const { view } of shown.values()) view.refreshTimes()
    },
    endLabels() {
      for (const { view } of shown.values()) view.endLabels()
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
  return JSON.stringify(a) === JSON.stringify(b)
}

function summaryOf(feeds: readonly { feed: FeedTitle; state: ConnectionState }[]): string {
  const behind = feeds.filter(({ state }) => state !== 'live')
  if (feeds.length === 0) return ''
  if (behind.length === 0) return feeds.length === 1 ? 'Live' : `All ${feeds.length} feeds live`
  if (behind.length === feeds.length) return 'Not live'
  return `Not live: ${behind.map(({ feed }) => feed.title).join(', ')}`
}
