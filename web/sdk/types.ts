/** What to follow, and how. */
export interface ConnectOptions {
  /** Where Flashline is: `https://news.example`, also with a path before `/v1`. */
  readonly url: string | URL
  /** The feed's id, for example `en`. */
  readonly feed: string
  /** Only lines that fit come. Without them, all lines of the feed come. */
  readonly filters?: Filters
  /** Where the last strip is kept between visits, `localStorage` for example. Without it nothing is kept. */
  readonly cache?: Cache
  /** One connection for all tabs of this browser, where it has Web Locks and BroadcastChannel. */
  readonly shareAcrossTabs?: boolean
}

/** A line must fit all that are given. */
export interface Filters {
  /** Lines of one of these sections. */
  readonly section?: readonly string[]
  /** Lines of at least one of these regions. */
  readonly region?: readonly string[]
  /** Lines that are at least so pressing. */
  readonly urgency?: Urgency
}

/** A store of texts, such as `localStorage`. */
export interface Cache {
  /** The text that was kept under this key; `null` where there is none. */
  getItem(key: string): string | null
  /** Keeps a text in place of the one before. */
  setItem(key: string, value: string): void
}

/** A view of one feed that keeps itself up to date until it is closed. */
export interface Connection {
  /** The lines in the order to show. `undefined` until something is known. */
  readonly strip: readonly Headline[] | undefined
  /** How the connection stands at this moment. */
  readonly status: Status
  /** Title, language and direction. `undefined` until the server or the cache has told them. */
  readonly feed: FeedTitle | undefined
  /** The place in the log that the strip stands for. `undefined` while it stands for none. */
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
  /** One entry of the log, in order and once, after the strip has taken it. What a reset skips is not told. */
  readonly event: FeedEvent
  /** The status has changed. */
  readonly status: Status
}

/**
 * - `connecting`: not there yet, or not for a moment
 * - `live`: the strip is what the server has
 * - `stale`: connected, but the server says that it may be behind
 * - `offline`: several attempts have failed, or the browser says that there is no network
 * - `refused`: the server says no, see `code`; asked again once a minute
 * - `closed`: by `close()`
 */
export type ConnectionState = 'connecting' | 'live' | 'stale' | 'offline' | 'refused' | 'closed'

/** WebSocket, server-sent events or long polls. */
export type Transport = 'websocket' | 'sse' | 'poll'

/** How the connection stands. All times are `Date.now()` of this computer. */
export interface Status {
  /** What can be said of the lines at this moment. */
  readonly state: ConnectionState
  /** Since when the state is this one. */
  readonly since: number
  /** What the connection uses; `undefined` while there is none. */
  readonly transport?: Transport | undefined
  /** When the strip was last known to be right. `undefined` while it is right now, or while there is none. */
  readonly staleSince?: number | undefined
  /** The newsroom has stopped the feed: nothing but holds and withdrawals will come. */
  readonly frozen?: boolean | undefined
  /** The problem code with `refused`, for example `no-such-feed`. */
  readonly code?: string | undefined
  /** Add it to `Date.now()` to have the server's time. `undefined` until the server has told its time. */
  readonly clockOffsetMs?: number | undefined
  /** Frames that could not be read. */
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

/** A line that shows. All texts are plain text: never put them into a page as HTML. Times are RFC 3339, UTC. */
export interface Headline {
  /** The same in every version of the line. */
  readonly id: string
  /** 1 to n; a correction has a higher one. */
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
  /** `http` or `https`: anything else has been left out. */
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

/** What is left of a line that shows nowhere. */
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
