import { setImmediate } from 'node:timers'
import { listFeedIds, readFeeds } from '../../eventlog/feeds/feeds.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { loadFeed, readHeads } from '../../eventlog/read-log.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import type { Subscriptions } from '../../fanout/subscriptions.ts'
import { messageOf, UnavailableError } from '../../platform/errors.ts'
import { within } from '../../platform/lifecycle.ts'
import type { MarkedPosition, Position } from '../../protocol/position.ts'
import { feedTitle, type Feed, type FeedTitle } from '../../protocol/feed.ts'
import type { SocketWriter } from '../bytes/socket-writer.ts'
import type { ReaderGate } from '../partners/reader-gate.ts'
import { opens, type ReaderPass } from '../partners/reader-pass.ts'
import { EarlierEvents, FIRST_EVENTS } from './earlier-events.ts'
import { FeedSource, type SourceDeps } from './feed-source.ts'
import { Hub, type HubOptions } from '../readers/hub.ts'
import { RedisClock } from './redis-clock.ts'

/**
 * Time from the beginning of the first tail check that is not answered until the feeds are marked `stale`. Redis may be
 * busy with one script for 1.5 s, or start again.
 */
const STALE_AFTER_MS = 1_750
/** The list of feeds is read at every so many tail checks; a new feed is also announced by a message. */
const CHECKS_PER_LIST = 10
const OPEN_LIMIT_MS = 10_000
/** A reader waits so long until this gateway has read the log up to its position, or back to it. */
const REACH_LIMIT_MS = 1_000

interface OpenFeed {
  readonly hub: Hub
  readonly source: FeedSource
  readonly earlier: EarlierEvents
}

export interface OpenFeedsDeps extends SourceDeps {
  readonly store: Store
  readonly subscriptions: Subscriptions
  readonly writer: SocketWriter
  readonly options: HubOptions & { readonly tailCheckMs: number }
}

/** The part of a request by which a feed is there for its reader, or not. */
export interface FeedReader {
  /** Whether the request is one for a drill; without that there is none. */
  readonly takesDrills: boolean
  /** The pass of a partner's reader; undefined for a reader without a key or token. */
  readonly pass: ReaderPass | undefined
}

/** Every feed, held in memory and kept in step with its log. */
export class OpenFeeds {
  readonly #deps: OpenFeedsDeps
  readonly #open = new Map<string, OpenFeed>()
  readonly #opening = new Set<string>()
  /** Ids of the feeds that exist, in memory or not yet. */
  readonly #known = new Set<string>()
  /** Ids of the feeds that are drills, in memory or not yet. */
  readonly #drills = new Set<string>()
  /** Ids of the feeds that are for partners, in memory or not yet. */
  readonly #forPartners = new Set<string>()
  /** Lets partners' readers in. Undefined: nobody gets a feed that is for partners. */
  readonly gate: ReaderGate | undefined
  readonly #clock = new RedisClock()
  /** Runs from the first tail check that is not answered yet. */
  #staleTimer: NodeJS.Timeout | undefined
  #checkError: unknown
  #checks = 0
  #listing = false
  #timer: NodeJS.Timeout | undefined
  #partnersTimer: NodeJS.Timeout | undefined
  #loadingEarlier = false
  readonly #closing = new AbortController()
  /** Whether the first list of feeds was read and all of its feeds are in memory. */
  loaded = false

  constructor(deps: OpenFeedsDeps, gate?: (now: () => number) => ReaderGate) {
    this.#deps = deps
    this.gate = gate?.(() => this.#clock.now())
  }

  /** Starts the tail checks at once. They continue until `close`, even while Redis is away. */
  start(): void {
    const { subscriptions, store } = this.#deps
    void subscriptions.subscribe(store.keys.feedsChanged, () => void this.#list())
    void subscriptions.subscribe(store.keys.partnersChanged, () => void this.gate?.lookAgain())
    void this.#watchPartners()
    void this.#tick()
  }

  /** Undefined for a feed that does not exist for this reader, or is not in memory yet. */
  hub(feed: string, reader: FeedReader): Hub | undefined {
    return this.#isFor(reader, feed) ? this.#open.get(feed)?.hub : undefined
  }

  /** Why a feed has no hub for this reader. */
  absence(feed: string, reader: FeedReader): 'no-such-feed' | 'feed-loading' {
    const exists = this.#known.has(feed) && this.#isFor(reader, feed)
    return this.loaded && !exists ? 'no-such-feed' : 'feed-loading'
  }

  /** Whether there is this feed for the reader, if it exists. A reader with a pass has only the feeds of the pass. */
  #isFor({ takesDrills, pass }: FeedReader, feed: string): boolean {
    // A drill is never on air, whatever the request says.
    if (this.#drills.has(feed) && (!takesDrills || pass?.partner.onAir)) return false
    return pass ? opens(pass, feed) : !this.#forPartners.has(feed)
  }

  /**
   * Whether a reader's position is not in memory yet: it is beyond this gateway's head, because the reader comes from a
   * gateway that is ahead, or before the events that are loaded since the start.
   */
  isOutside(feed: string, position: Position | undefined): boolean {
    const log = this.#open.get(feed)?.hub.log
    if (!log || position?.epoch !== log.head.epoch) return false
    return position.seq > log.head.seq || log.mayLoad(position)
  }

  /**
   * Reads the log up to a reader that is ahead before it is served, since an older strip could show it headlines that
   * are withdrawn by now; and back to a reader whose events are not loaded yet. False: this gateway cannot read the log
   * in time.
   */
  async reaches(feed: string, position: Position | undefined): Promise<boolean> {
    const open = this.#open.get(feed)
    if (!open || !position || !this.isOutside(feed, position)) return true
    const { log } = open.hub
    const read =
      position.seq > log.head.seq
        ? open.source.catchUpForReader()
        : open.earlier.loadTo(position).then(() => true)
    const isRead = await within(read, REACH_LIMIT_MS).catch(() => false)
    return isRead || !this.isOutside(feed, position)
  }

  /** Looks at the mark of a reader's position, once `reaches` has caught up with the position. */
  examine(feed: string, position: MarkedPosition | undefined): void {
    if (position?.mark !== undefined) this.#open.get(feed)?.source.examine(position)
  }

  /** The feeds that a reader may get; without a pass, those that every reader may. Without drills. */
  titles(pass?: ReaderPass): FeedTitle[] {
    return this.realHubs(pass)
      .map(({ title }) => title)
      .sort((a, b) => a.id.localeCompare(b.id))
  }

  realHubs(pass?: ReaderPass): Hub[] {
    return this.hubs().filter((hub) => this.#isFor({ takesDrills: false, pass }, hub.feed))
  }

  /** Whether a feed is for partners only. */
  isForPartners(feed: string): boolean {
    return this.#forPartners.has(feed)
  }

  hubs(): Hub[] {
    return Array.from(this.#open.values(), ({ hub }) => hub)
  }

  /** Called when pub/sub is connected again: reads the events that were published meanwhile. */
  catchUp(): void {
    for (const { source } of this.#open.values()) void source.catchUp()
    void this.#list()
    void this.gate?.lookAgain()
  }

  close(): void {
    this.#closing.abort()
    clearTimeout(this.#timer)
    clearTimeout(this.#partnersTimer)
    clearTimeout(this.#staleTimer)
    for (const hub of this.hubs()) hub.close()
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted
  }

  async #tick(): Promise<void> {
    const isListDue = this.#checks++ % CHECKS_PER_LIST === 0 || !this.loaded
    // The tail checks do not wait for a list that Redis does not answer.
    if (isListDue && !this.#listing) {
      this.#listing = true
      void this.#list().finally(() => (this.#listing = false))
    }
    await this.#checkTails()
    if (!this.#closed) this.#timer = setTimeout(() => void this.#tick(), this.#deps.options.tailCheckMs)
  }

  /** A message about a change of the partners may be lost, and a key may end by its time. */
  async #watchPartners(): Promise<void> {
    if (!this.gate) return
    await this.gate.look()
    if (this.#closed) return
    this.#partnersTimer = setTimeout(() => void this.#watchPartners(), this.#deps.options.tailCheckMs)
  }

  /** Checks the tails of all feeds in one round trip, whatever the number of readers. */
  async #checkTails(): Promise<void> {
    const feeds = [...this.#open.entries()]
    const doubted = (this.#staleTimer ??= setTimeout(() => {
      // Answers that have arrived while this process stood still are read first.
      setImmediate(() => {
        if (this.#staleTimer === doubted) this.#markStale()
      })
    }, STALE_AFTER_MS))
    try {
      const ids = feeds.map(([id]) => id)
      // Only receipts need the clock: a Redis that does not answer TIME must not make its feeds stale.
      const measured = this.#clock.measure(() => readTime(this.#deps.store)).catch(() => undefined)
      const [heads] = await Promise.all([readHeads(this.#deps.store, ids), measured])
      clearTimeout(this.#staleTimer)
      this.#staleTimer = undefined
      this.#checkError = undefined
      feeds.forEach(([feed, { hub, source }], index) => {
        const head = heads[index]
        hub.markStale(head === undefined)
        this.#nameDamage(feed, head !== undefined)
        source.onHead(head)
      })
      this.#countStale()
    } catch (error) {
      // The timer marks the feeds when the next checks fail too.
      this.#checkError = error
    }
  }

  #markStale(): void {
    if (this.#closed) return
    this.#warn('feeds-stale', this.#checkError ?? 'Redis does not answer')
    for (const hub of this.hubs()) hub.markStale(true)
    this.#countStale()
  }

  #countStale(): void {
    this.#deps.metrics.staleFeeds.set(this.hubs().filter(({ stale }) => stale).length)
  }

  #nameDamage(feed: string, readable: boolean): void {
    const { keys, faults } = this.#deps.store
    const { head } = keys.feed(feed)
    if (readable) faults.mended('record', head)
    else faults.found('record', head, 'the head of the log is missing or damaged')
  }

  async #list(): Promise<void> {
    try {
      const { store } = this.#deps
      const ids = await listFeedIds(store)
      const feeds = await readFeeds(store, ids)
      // In one turn: no reader learns from the time in between that there is a drill, or a feed for partners.
      for (const { id, drill } of feeds) if (drill) this.#drills.add(id)
      for (const { id, visibility } of feeds) if (visibility === 'partners') this.#forPartners.add(id)
      for (const id of ids) this.#known.add(id)
      await within(Promise.all(feeds.map((feed) => this.#tryToOpen(feed))), OPEN_LIMIT_MS)
      this.loaded = true
      void this.#loadEarlier()
    } catch (error) {
      this.#warn('feeds-not-listed', error)
    }
  }

  /** Loads the older events of one feed after the other, once readers are served. After an error the next list goes on. */
  async #loadEarlier(): Promise<void> {
    if (this.#loadingEarlier) return
    this.#loadingEarlier = true
    try {
      for (const { earlier } of this.#open.values()) await earlier.loadAll(this.#closing.signal)
    } catch (error) {
      this.#warn('earlier-events-not-loaded', error)
    } finally {
      this.#loadingEarlier = false
    }
  }

  /** Opens a feed and logs a failure, so that one damaged feed does not keep the others from opening. */
  async #tryToOpen(feed: Feed): Promise<void> {
    if (this.#open.has(feed.id)) return
    const { store, logger } = this.#deps
    const { head } = store.keys.feed(feed.id)
    try {
      await this.#openFeed(feed)
      store.faults.mended('record', head)
    } catch (error) {
      if (error instanceof UnavailableError) throw error
      store.faults.found('record', head, error)
      logger.error({ event: 'feed-not-opened', feed: feed.id, error: messageOf(error) })
    }
  }

  async #openFeed(feed: Feed): Promise<void> {
    if (this.#open.has(feed.id) || this.#opening.has(feed.id)) return
    this.#opening.add(feed.id)
    try {
      const { store, subscriptions, options, metrics, writer } = this.#deps
      // Subscribe before reading: the first catch-up finds the events that are published between the two.
      await subscriptions.subscribe(store.keys.feed(feed.id).live, (payload) => {
        this.#open.get(feed.id)?.source.onMessage(payload)
      })
      const loaded = await loadFeed(store, feed.id, Math.min(FIRST_EVENTS, options.resumeEvents))
      if (!loaded) throw new Error('the head of the log is missing or damaged')
      if (this.#closed) return
      const hub = new Hub(feedTitle(feed), loaded, { options, metrics, now: () => this.#clock.now(), writer })
      const source = new FeedSource(feed.id, hub, this.#deps)
      // Before the first reader comes: its `hello` names the feed's own words.
      await Promise.all([source.present(), source.readTakenBack()])
      this.#open.set(feed.id, { hub, source, earlier: new EarlierEvents(feed.id, hub.log, store) })
      await source.catchUp()
    } finally {
      this.#opening.delete(feed.id)
    }
  }

  #warn(event: string, error: unknown): void {
    this.#deps.logger.warn({ event, error: messageOf(error) })
  }
}
