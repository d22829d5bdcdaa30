import { steadyClock } from './steady-clock.ts'
import type { ConnectOptions } from './types.ts'

/**
 * The functions of a browser or of Node that the client uses. The client works without the optional ones.
 *
 * @group For createClient
 */
export interface Environment {
  /** Milliseconds on a clock that never goes back, and that runs while the computer sleeps. */
  readonly now: () => number
  /** Like `Date.now()`: milliseconds since 1970 on the clock of this computer. */
  readonly wallClock: () => number
  /** Like `Math.random()`: from 0 to below 1. It makes waits between attempts random. */
  readonly random: () => number
  /** Like the global `setTimeout`. Its result is passed to `clearTimeout`. */
  readonly setTimeout: (callback: () => void, waitMs: number) => unknown
  /** Like the global `clearTimeout`. */
  readonly clearTimeout: (timer: never) => void
  /** Like the global `fetch`; used for server-sent events and long polls. */
  readonly fetch: (url: string, init: RequestOptions) => Promise<HttpAnswer>
  /** Like the global `WebSocket`. Without it the client begins with server-sent events. */
  readonly WebSocket?: (new (url: string) => Socket) | undefined
  /** Like the global `BroadcastChannel`; used for `shareAcrossTabs`. */
  readonly BroadcastChannel?: (new (name: string) => Broadcast) | undefined
  /** Like `navigator.locks`; used for `shareAcrossTabs`. */
  readonly locks?: Locks | undefined
  /** Listens to the window: online, offline, visibilitychange, pagehide, pageshow, freeze, resume. */
  readonly addEventListener?:
    ((type: string, listener: (event: never) => void, options: { signal: AbortSignal }) => void) | undefined
  /** Whether the page is hidden, as `document.hidden` says. */
  readonly isHidden: () => boolean
  /**
   * As `ConnectOptions` has it.
   *
   * @internal
   */
  readonly token?: ConnectOptions['token']
}

/**
 * The second argument of `fetch`.
 *
 * @group For createClient
 */
export interface RequestOptions {
  /** Header names and values. */
  readonly headers: Readonly<Record<string, string>>
  /** Answers are never taken from a cache. */
  readonly cache: 'no-store'
  /** Ends the request. */
  readonly signal: AbortSignal
}

/**
 * The part of `Response` that the client uses.
 *
 * @group For createClient
 */
export interface HttpAnswer {
  /** Whether the status is 200 to 299. */
  readonly ok: boolean
  /** The status code of HTTP. */
  readonly status: number
  /** The headers of the answer. */
  readonly headers: { get(name: string): string | null }
  /** The body as a stream of bytes. */
  readonly body: {
    getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> }
  } | null
  /** The whole body, read as JSON. */
  json(): Promise<unknown>
}

/**
 * The part of `WebSocket` that the client uses.
 *
 * @group For createClient
 */
export interface Socket {
  /** Called with each message. */
  onmessage: ((event: never) => void) | null
  /** Called once, when the connection has ended. */
  onclose: ((event: never) => void) | null
  /** Called when the connection fails, before `onclose`. */
  onerror: ((event: never) => void) | null
  /** Ends the connection. */
  close(): void
  /** Sends a text message. */
  send(text: string): void
}

/**
 * The part of `BroadcastChannel` that the client uses.
 *
 * @group For createClient
 */
export interface Broadcast {
  /** Called with each message of another tab. */
  onmessage: ((event: never) => void) | null
  /** Sends a message to the other tabs. */
  postMessage(message: unknown): void
  /** Leaves the channel. */
  close(): void
}

/**
 * The part of `LockManager` that the client uses.
 *
 * @group For createClient
 */
export interface Locks {
  /** Takes the lock when it is free, or at once with `steal`, and keeps it until the promise of `hold` settles. */
  request(
    name: string,
    options: { readonly signal: AbortSignal } | { readonly steal: true },
    hold: () => Promise<void>,
  ): Promise<unknown>
}

/**
 * The environment of the global object, read at the time of the call.
 *
 * @internal
 */
export function surroundings(): Environment {
  const here = globalThis as unknown as Partial<Environment> & {
    readonly navigator?: { readonly locks?: Locks }
    readonly document?: { readonly hidden: boolean }
  }
  return {
    now: steadyClock(() => performance.now(), Date.now),
    random: Math.random,
    wallClock: Date.now,
    setTimeout: (callback, waitMs) => setTimeout(callback, waitMs),
    clearTimeout: (timer) => clearTimeout(timer),
    fetch: (url, init) => fetch(url, init),
    WebSocket: here.WebSocket,
    BroadcastChannel: here.BroadcastChannel,
    locks: here.navigator?.locks,
    addEventListener: here.addEventListener?.bind(here),
    isHidden: () => !!here.document?.hidden,
  }
}
