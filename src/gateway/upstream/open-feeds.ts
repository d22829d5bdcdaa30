import { listFeeds } from '../../eventlog/feeds/feeds.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { loadFeed, readHeads } from '../../eventlog/read-log.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import type { Subscriptions } from '../../fanout/subscriptions.ts'
import { messageOf, UnavailableError } from '../../platform/errors.ts'
import { within } from '../../platform/lifecycle.ts'
import type { Position } from '../../protocol/position.ts'
import { feedTitle, type Feed, type FeedTitle } from '../../protocol/feed.ts'
import type { SocketWriter } from '../bytes/socket-writer.ts'
import { FeedSource, type SourceDeps } from './feed-source.ts'
import { Hub, type HubOptions } from '../readers/hub.ts'
import { RedisClock } from './redis-clock.ts'

/** Failed tail checks in a row after which readers are told that they may be behind. */
const STALE_AFTER = 3
/** Tail checks between two looks at the list of feeds; a new feed also announces itself. */
const LIST_EVERY = 10
const OPEN_LIMIT_MS = 10_000
/** A reader that is ahead waits so long for this gateway to come up with it. */
const CATCH_UP_LIMIT_MS = 1_000

interface OpenFeed {
  readonly title: FeedTitle
  readonly hub: Hub
  readonly source: FeedSource
}

export interface OpenFeedsDeps extends SourceDeps {
  readonly store: Store
  readonly subscriptions: Subscriptions
  readonly writer: SocketWriter
  readonly options: HubOptions & { readonly tailCheckMs: number }
}

/** Every feed, held in memory and kept in step with its log. */
export class OpenFeeds {
  readonly #deps: OpenFeedsDeps
  readonly #open = new Map<string, OpenFeed>()
  readonly #opening = new Set<string>()
  /** Known to exist, in memory or not yet. */
  readonly #listed = new Set<string>()
  readonly #clock = new RedisClock()
  #failedChecks = 0
  #checks = 0
  #timer: NodeJS.Timeout | undefined
  #closed = false
  /** The first list of feeds has been read, and each of them loaded. */
  loaded = false

  constructor(deps: OpenFeedsDeps) {
    this.#deps = deps
  }

  /** Begins at once and goes on until closed, whether Redis is there or not. */
  start(): void {
    const { subscriptions, store } = this.#deps
    subscriptions
      .subscribe(store.keys.feedsChanged, () => void this.#list())
      .catch((error: unknown) => {
        this.#warn('subscribe-failed', error)
      })
    void this.#tick()
  }

  hub(feed: string): Hub | undefined {
    return this.#open.get(feed)?.hub
  }

  /** Why there is no hub. */
  absence(feed: string): 'no-such-feed' | 'feed-loading' {
    return this.loaded && !this.#listed.has(feed) ? 'no-such-feed' : 'feed-loading'
  }

  /** Whether a reader has seen more than this gateway: it comes from one that is further. */
  isBehind(feed: string, position: Position | undefined): boolean {
    const head = this.hub(feed)?.log.head
    return head !== undefined && position?.epoch === head.epoch && position.seq > head.seq
  }

  /**
   * What a reader has seen is read before it is served, or it would be sent back in time, to lines that are
   * withdrawn by now. False: this gateway cannot reach the log.
   */
  async reaches(feed: string, position: Position | undefined): Promise<boolean> {
    const open = this.#open.get(feed)
    if (!open || !this.isBehind(feed, position)) return true
    const looked = await within(open.source.look(), CATCH_UP_LIMIT_MS).catch(() => false)
    return looked || !this.isBehind(feed, position)
  }

  titles(): FeedTitle[] {
    return Array.from(this.#open.values(), ({ title }) => title).sort((a, b) => a.id.localeCompare(b.id))
  }

  hubs(): Hub[] {
    return Array.from(this.#open.values(), ({ hub }) => hub)
  }

  /** Pub/sub stands again: look up what was published meanwhile. */
  catchUp(): void {
    for (const { source } of this.#open.values()) void source.catchUp()
    void this.#list()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const hub of this.hubs()) hub.close()
  }

  async #tick(): Promise<void> {
    if (this.#checks++ % LIST_EVERY === 0 || !this.loaded) await this.#list()
    await this.#checkTails()
    if (!this.#closed) this.#timer = setTimeout(() => void this.#tick(), this.#deps.options.tailCheckMs)
  }

  /** One round trip for all feeds, however many readers there are. */
  async #checkTails(): Promise<void> {
    const feeds = [...this.#open.entries()]
    try {
      const ids = feeds.map(([id]) => id)
      // Only receipts need it: a Redis that does not tell the time must not make its feeds stale.
      const look = this.#clock.look(() => readTime(this.#deps.store)).catch(() => undefined)
      const [heads] = await Promise.all([readHeads(this.#deps.store, ids), look])
      this.#failedChecks = 0
      feeds.forEach(([, { hub, source }], index) => {
        const head = heads[index]
        hub.stale = head === undefined
        source.onHead(head)
      })
    } catch (error) {
      if (++this.#failedChecks === STALE_AFTER) this.#warn('feeds-stale', error)
      if (this.#failedChecks >= STALE_AFTER) for (const [, { hub }] of feeds) hub.stale = true
    }
    this.#deps.metrics.staleFeeds.set(this.hubs().filter(({ stale }) => stale).length)
  }

  async #list(): Promise<void> {
    try {
      const feeds = await listFeeds(this.#deps.store)
      for (const { id } of feeds) this.#listed.add(id)
      await within(Promise.all(feeds.map((feed) => this.#tryToOpen(feed))), OPEN_LIMIT_MS)
      this.loaded = true
    } catch (error) {
      this.#warn('feeds-not-listed', error)
    }
  }

  /** One damaged feed does not keep the others from opening. */
  async #tryToOpen(feed: Feed): Promise<void> {
    try {
      await this.#openFeed(feed)
    } catch (error) {
      if (error instanceof UnavailableError) throw error
      this.#deps.logger.error({ event: 'feed-not-opened', feed: feed.id, error: messageOf(error) })
    }
  }

  async #openFeed(feed: Feed): Promise<void> {
    if (this.#open.has(feed.id) || this.#opening.has(feed.id)) return
    this.#opening.add(feed.id)
    try {
      const { store, subscriptions, options, metrics, writer } = this.#deps
      // Subscribe before reading: what is published between the two is found by the first catch-up.
      await subscriptions.subscribe(store.keys.feed(feed.id).live, (payload) => {
        this.#open.get(feed.id)?.source.onMessage(payload)
      })
      const loaded = await loadFeed(store, feed.id, options.resumeEvents)
      if (!loaded || this.#closed) return
      const title = feedTitle(feed)
      const hub = new Hub(title, loaded, { options, metrics, now: () => this.#clock.now(), writer })
      const source = new FeedSource(feed.id, hub, this.#deps)
      this.#open.set(feed.id, { title, hub, source })
      await source.catchUp()
    } finally {
      this.#opening.delete(feed.id)
    }
  }

  #warn(event: string, error: unknown): void {
    this.#deps.logger.warn({ event, error: messageOf(error) })
  }
}
