/** What to follow, and how. */
export interface ConnectOptions {
  /** The URL of Flashline: `https://news.example`, also with a path before `/v1`. */
  readonly url: string | URL
  /** The feed's id, for example `en`. */
  readonly feed: string
  /** Only lines that fit come. Without them, all lines of the feed come. */
  readonly filters?: Filters
  /** The store of the last strip between visits, `localStorage` for example. By default nothing is stored. */
  readonly cache?: Cache
  /** One connection for all tabs of this browser, if it has Web Locks and BroadcastChannel. */
  readonly shareAcrossTabs?: boolean
}

/** A line must fit all that are given. */
export interface Filters {
  /** Lines of one of these sections. */
  readonly section?: readonly string[]
  /** Lines of at least one of these regions. */
  readonly region?: readonly string[]
  /** Headlines of this urgency or a more urgent one. */
  readonly urgency?: Urgency
}

/** A store of texts, such as `localStorage`. */
export interface Cache {
  /** The text that was kept under this key; `null` where there is none. */
  getItem(key: string): string | null
  /** Keeps a text in place of the one before. */
  setItem(key: string, value: string): void
}

/** One feed, kept up to date until `close()`. */
export interface Connection {
  /** The headlines in display order. `undefined` until the server or the cache has given a strip. */
  readonly strip: readonly Headline[] | undefined
  /** How the connection stands at this moment. */
  readonly status: Status
  /** Title, language and direction. `undefined` until the server or the cache has given them. */
  readonly feed: FeedTitle | undefined
  /** The position in the log up to which the strip is current. `undefined` while there is none. */
  readonly position: string | undefined
  /**
   * Calls the listener from now on, at each notice of that name. What is known already is in `strip` and `status`.
   * An error that a listener throws is reported as uncaught and does not reach other listeners.
   *
   * @returns the function that takes the listener away
   */
  on<Name extends keyof Notices>(name: Name, listener: (notice: Notices[Name]) => void): () => void
  /** Ends this subscription. The network connection ends with the last subscription that uses it. */
  close(): void
}

/** What a listener is given, by the name of the notice. */
export interface Notices {
  /** The strip has changed: all lines that show now, in the order to show. */
  readonly strip: readonly Headline[]
  /** One event of the log, in order and once, after the strip has changed. Events that a reset skips are not passed. */
  readonly event: FeedEvent
  /** The status has changed. */
  readonly status: Status
}

/**
 * - `connecting`: not connected yet, or the connection was lost a moment ago
 * - `live`: the strip equals the server's
 * - `stale`: connected, but the server reports that it may be behind
 * - `offline`: several attempts have failed, or the browser reports that there is no network
 * - `refused`: the server refuses the connection, see `code`; it is tried again once a minute
 * - `closed`: `close()` was called
 */
export type ConnectionState = 'connecting' | 'live' | 'stale' | 'offline' | 'refused' | 'closed'

/** WebSocket, server-sent events or long polls. */
export type Transport = 'websocket' | 'sse' | 'poll'

/** How the connection stands. All times are `Date.now()` of this computer. */
export interface Status {
  /** What can be said of the lines at this moment. */
  readonly state: ConnectionState
  /** Time of the last change of `state`. */
  readonly since: number
  /** The transport of the connection; `undefined` while there is none. */
  readonly transport?: Transport | undefined
  /** Time at which the strip was last known to be right. `undefined` while it is right, or while there is none. */
  readonly staleSince?: number | undefined
  /** The newsroom has stopped the feed: only holds and withdrawals are released. */
  readonly frozen?: boolean | undefined
  /** The problem code with `refused`, for example `no-such-feed`. */
  readonly code?: string | undefined
  /** Added to `Date.now()`, it gives the server's time. `undefined` until the server has sent its time. */
  readonly clockOffsetMs?: number | undefined
  /** The number of frames that could not be read. */
  readonly malformed: number
}

/** What a feed is called, and how its lines are written. */
export interface FeedTitle {
  /** As in its address. */
  readonly id: string
  /** For people. */
  readonly title: string
  /** Language tag (BCP 47), for `lang` in a page. */
  readonly lang: string
  /** The direction of its text, for `dir` in a page. */
  readonly dir: 'ltr' | 'rtl'
}

/** How pressing a line is, from most to least. Another word is possible where the server is newer than this client. */
export type Urgency = 'flash' | 'bulletin' | 'urgent' | 'routine'

/**
 * What an event does to its line. Another word is possible where the server is newer than this client; its line is then
 * not shown.
 */
export type Op = 'publish' | 'correct' | 'hold' | 'resume' | 'withdraw' | 'expire' | 'pin' | 'unpin' | 'leave'

/** A headline that shows. All texts are plain text: never put them into a page as HTML. Times are RFC 3339, UTC. */
export interface Headline {
  /** The same in every version of the line. */
  readonly id: string
  /** From 1; a correction has a higher version. */
  readonly version: number
  /** Always `live`: it tells a line from what is left of one. */
  readonly status: 'live'
  /** Its place in the strip, highest first, kept by every version. */
  readonly place: number
  /** Shown before the others, whatever its place. */
  readonly pinned?: boolean | undefined
  /** When it was first released. */
  readonly publishedAt: string
  /** When this version was released. */
  readonly updatedAt: string
  /** The line itself. */
  readonly text: string
  /** Shown before the text: "Speaker: statement". */
  readonly speaker?: string | undefined
  /** How pressing it is. */
  readonly urgency: Urgency
  /** The newsroom's word for its section, for example `city`. */
  readonly section?: string | undefined
  /** The newsroom's words for where it matters; empty where there are none. */
  readonly regions: readonly string[]
  /** Other words of the newsroom; empty where there are none. */
  readonly tags: readonly string[]
  /** An `http` or `https` URL; links of other schemes are left out. */
  readonly link?: string | undefined
  /** Where the newsroom has it from. */
  readonly source?: string | undefined
  /** A word that joins the lines of one story, in all feeds. */
  readonly story?: string | undefined
  /** Its language tag (BCP 47), where that is not the feed's. */
  readonly lang?: string | undefined
  /** When it leaves the strip, if nobody changes that. */
  readonly expiresAt?: string | undefined
  /** What the newsroom tells readers about this version, for example why it was corrected. */
  readonly note?: string | undefined
}

/** A headline that shows no more, without its content. */
export interface Tombstone {
  /** The id that the line had. */
  readonly id: string
  /** The version that took it away. */
  readonly version: number
  /** Why it does not show; `filtered`: it fits the filters no more. */
  readonly status: 'held' | 'withdrawn' | 'expired' | 'filtered'
  /** The place that it had in the strip. */
  readonly place: number
  /** When the line was first released. */
  readonly publishedAt: string
  /** When it was taken away. */
  readonly updatedAt: string
  /** What the newsroom tells readers about it. */
  readonly note?: string | undefined
}

/** One entry of the feed's log. */
export interface FeedEvent {
  /** Its place in the log. */
  readonly position: string
  /** What it does to the line. */
  readonly op: Op
  /** The time of its release (RFC 3339, UTC). */
  readonly at: string
  /** The line as it is after the event. */
  readonly headline: Headline | Tombstone
}
