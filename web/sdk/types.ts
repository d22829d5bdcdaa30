/** The feed to follow, and how. */
export interface ConnectOptions {
  /** The URL of Flashline: `https://news.example`, also with a path before `/v1`. */
  readonly url: string | URL
  /** The feed's id, for example `en`. */
  readonly feed: string
  /** Only headlines that match the filters are received; by default all headlines of the feed. */
  readonly filters?: Filters
  /** Follow a feed that is a drill: without this, the server answers as if there were no such feed. */
  readonly drill?: boolean
  /** The store of the last strip between visits, `localStorage` for example. By default nothing is stored. */
  readonly cache?: Cache | undefined
  /** One connection for all tabs of this browser, if it has Web Locks and BroadcastChannel. */
  readonly shareAcrossTabs?: boolean | undefined
  /**
   * A token of a partner, for a feed that is for partners; as a function, it is called before each connection. With it the
   * client uses server-sent events or polls and sends the token in a header; `cache` and `shareAcrossTabs` do not count.
   */
  readonly token?: string | (() => string | Promise<string>) | undefined
}

/** A headline must match all filters that are set. */
export interface Filters {
  /** Headlines of one of these sections. */
  readonly section?: readonly string[]
  /** Headlines of at least one of these regions. */
  readonly region?: readonly string[]
  /** Headlines of this urgency or a more urgent one. */
  readonly urgency?: Urgency
}

/** A store of strings, such as `localStorage`. */
export interface Cache {
  /** The string that is stored under this key; `null` if there is none. */
  getItem(key: string): string | null
  /** Stores a string in place of the previous one. */
  setItem(key: string, value: string): void
}

/** One feed, kept up to date until `close()`. */
export interface Connection {
  /** The headlines in display order. `undefined` until the server or the cache has given a strip. */
  readonly strip: readonly Headline[] | undefined
  /** The present state of the connection. */
  readonly status: Status
  /** Title, language and direction. `undefined` until the server or the cache has given them. */
  readonly feed: FeedTitle | undefined
  /** The position in the log up to which the strip is current. `undefined` while there is none. */
  readonly position: string | undefined
  /**
   * Calls the listener at each notice of that name from now on. The present state is in `strip` and `status`.
   * An error that a listener throws is reported as uncaught and does not reach other listeners.
   *
   * @returns a function that removes the listener
   */
  on<Name extends keyof Notices>(name: Name, listener: (notice: Notices[Name]) => void): () => void
  /** Ends this subscription. The network connection ends with the last subscription that uses it. */
  close(): void
}

/** The argument of a listener, by the name of the notice. */
export interface Notices {
  /** The strip has changed: all headlines that show now, in display order. */
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

/** The state of the connection. All times are by this computer's `Date.now()`. */
export interface Status {
  /** Whether the strip is current, and if not, why. */
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

/** A feed's name, language and direction. */
export interface FeedTitle {
  /** The feed's id, as in its URL. */
  readonly id: string
  /** The feed's name for people. */
  readonly title: string
  /** Language tag (BCP 47), for `lang` in a page. */
  readonly lang: string
  /** The direction of the text, for `dir` in a page. */
  readonly dir: 'ltr' | 'rtl'
  /** Digits of times and numbers, for `-u-nu-` in a locale; `undefined`: the usual ones of the language. */
  readonly numbering?: string | undefined
  /** The feed is a drill: nothing in it is news. Show this to every person who sees its headlines. */
  readonly drill?: true | undefined
  /** The feed has words or labels of its own in this version: `/v1/feeds/{feed}/words` gives them. */
  readonly words?: number | undefined
}

/** From the most to the least urgent. A newer server may send other values. */
export type Urgency = 'flash' | 'bulletin' | 'urgent' | 'routine'

/**
 * The effect of an event on its headline. A newer server may send other values; their headlines are not shown.
 */
export type Op = 'publish' | 'correct' | 'hold' | 'resume' | 'withdraw' | 'expire' | 'pin' | 'unpin' | 'leave'

/** A headline that shows. All texts are plain text: never put them into a page as HTML. Times are RFC 3339, UTC. */
export interface Headline {
  /** The headline's id, the same in every version. */
  readonly id: string
  /** From 1; every act raises it, so a higher version alone is no correction. */
  readonly version: number
  /** Always `live`: it distinguishes a headline from a tombstone. */
  readonly status: 'live'
  /** The headline's place in the strip, highest first, the same in every version. */
  readonly place: number
  /** Whether it shows before the other headlines, whatever its place. */
  readonly pinned?: boolean | undefined
  /** Time of the first release. */
  readonly publishedAt: string
  /** Time of the release of this version. */
  readonly updatedAt: string
  /**
   * Time of the newest correction with a note; later versions keep it, also after a pin or a resume. `undefined`: no
   * correction is known, whatever `version` is.
   */
  readonly corrected?: string | undefined
  /** Time of the newest refile, a correction without a note, since the newest correction with one. */
  readonly refiled?: string | undefined
  /** The text of the headline. */
  readonly text: string
  /** Shown before the text: "Speaker: statement". */
  readonly speaker?: string | undefined
  /** The urgency of the headline. */
  readonly urgency: Urgency
  /** The section, for example `city`. */
  readonly section?: string | undefined
  /** The regions that the headline concerns; may be empty. */
  readonly regions: readonly string[]
  /** Further tags of the newsroom; may be empty. */
  readonly tags: readonly string[]
  /** An `http` or `https` URL; links of other schemes are left out. */
  readonly link?: string | undefined
  /** The source of the news. */
  readonly source?: string | undefined
  /** A slug that all headlines of one story share, in all feeds. */
  readonly story?: string | undefined
  /** Language tag (BCP 47), if it differs from the feed's. */
  readonly lang?: string | undefined
  /** Time at which the headline expires, unless it is changed. */
  readonly expiresAt?: string | undefined
  /**
   * Time, by the server's clock, from which the headline shows without its breaking label; `urgency` stays. `undefined`:
   * it has the label as long as it shows.
   */
  readonly breakingUntil?: string | undefined
  /** A public note about this version, for example why the headline was corrected. */
  readonly note?: string | undefined
}

/** A headline that shows no more, without its content. */
export interface Tombstone {
  /** The id of the headline. */
  readonly id: string
  /** The version that removed the headline. */
  readonly version: number
  /**
   * Why the headline does not show; `filtered`: it no longer matches the filters; `superseded`: a later event that
   * follows has replaced these words.
   */
  readonly status: 'held' | 'withdrawn' | 'expired' | 'superseded' | 'filtered'
  /** The headline's former place in the strip. */
  readonly place: number
  /** Time of the first release. */
  readonly publishedAt: string
  /** Time of the removal. */
  readonly updatedAt: string
  /** A public note about the removal. */
  readonly note?: string | undefined
}

/** One event of the feed's log. */
export interface FeedEvent {
  /** The event's position in the log. */
  readonly position: string
  /** The effect on the headline. */
  readonly op: Op
  /** The time of the event's release (RFC 3339, UTC). */
  readonly at: string
  /** The headline as it is after the event. */
  readonly headline: Headline | Tombstone
}
