export interface ConnectOptions {
  /** Where Flashline is: `https://news.example`, also with a path before `/v1`. */
  readonly url: string | URL
  readonly feed: string
  readonly filters?: Filters
  /** Where the last strip is kept between visits, `localStorage` for example. Without it nothing is kept. */
  readonly cache?: Cache
  /** One connection for all tabs of this browser, where it has Web Locks and BroadcastChannel. */
  readonly shareAcrossTabs?: boolean
}

/** All of them must fit. */
export interface Filters {
  readonly section?: readonly string[]
  readonly region?: readonly string[]
  /** Lines that are at least so pressing. */
  readonly urgency?: Urgency
}

export interface Cache {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

/** A view of one feed that keeps itself up to date until it is closed. */
export interface Connection {
  /** The lines in the order to show. `undefined` until something is known. */
  readonly strip: readonly Headline[] | undefined
  readonly status: Status
  /** Title, language and direction. `undefined` until the server or the cache has told them. */
  readonly feed: FeedTitle | undefined
  /** The place in the log that the strip stands for. `undefined` while it stands for none. */
  readonly position: string | undefined
  /** Returns the function that ends it. What a listener throws is reported as uncaught, and harms nobody else. */
  on<Name extends keyof Notices>(name: Name, listener: (notice: Notices[Name]) => void): () => void
  /** The network connection ends with the last one that uses it. */
  close(): void
}

export interface Notices {
  /** The strip has changed. */
  readonly strip: readonly Headline[]
  /** One entry of the log, in order and once, after the strip has taken it. What a reset skips is not told. */
  readonly event: FeedEvent
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

export type Transport = 'websocket' | 'sse' | 'poll'

/** All times are `Date.now()` of this computer. */
export interface Status {
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

export interface FeedTitle {
  readonly id: string
  readonly title: string
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
}

/** From most to least pressing. Another word is possible where the server is newer than this client. */
export type Urgency = 'flash' | 'bulletin' | 'urgent' | 'routine'

/** Another word is possible where the server is newer than this client; its line is then not shown. */
export type Op = 'publish' | 'correct' | 'hold' | 'resume' | 'withdraw' | 'expire' | 'pin' | 'unpin' | 'leave'

/** A line that shows. All texts are plain text: never put them into a page as HTML. Times are RFC 3339, UTC. */
export interface Headline {
  readonly id: string
  /** 1 to n; a correction has a higher one. */
  readonly version: number
  readonly status: 'live'
  /** Its place in the strip, kept by every version. */
  readonly place: number
  readonly pinned?: boolean | undefined
  readonly publishedAt: string
  readonly updatedAt: string
  readonly text: string
  /** Shown before the text: "Speaker: statement". */
  readonly speaker?: string | undefined
  readonly urgency: Urgency
  readonly section?: string | undefined
  readonly regions: readonly string[]
  readonly tags: readonly string[]
  /** `http` or `https`: anything else has been left out. */
  readonly link?: string | undefined
  readonly source?: string | undefined
  readonly story?: string | undefined
  /** Where it differs from the feed's. */
  readonly lang?: string | undefined
  readonly expiresAt?: string | undefined
  /** A public word about this version. */
  readonly note?: string | undefined
}

/** What is left of a line that shows nowhere. */
export interface Tombstone {
  readonly id: string
  readonly version: number
  readonly status: 'held' | 'withdrawn' | 'expired' | 'filtered'
  readonly place: number
  readonly publishedAt: string
  readonly updatedAt: string
  readonly note?: string | undefined
}

export interface FeedEvent {
  readonly position: string
  readonly op: Op
  /** The time of its release. */
  readonly at: string
  readonly headline: Headline | Tombstone
}
