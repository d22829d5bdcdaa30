import { steadyClock } from './steady-clock.ts'

/** What the client uses of a browser or of Node. Where an optional part is missing, it does without. */
export interface Environment {
  /** Milliseconds on a clock that never goes back and counts sleep. */
  readonly now: () => number
  /** `Date.now()`. */
  readonly wallClock: () => number
  /** From 0 to below 1. */
  readonly random: () => number
  readonly setTimeout: (callback: () => void, waitMs: number) => unknown
  readonly clearTimeout: (timer: never) => void
  readonly fetch: (url: string, init: RequestOptions) => Promise<HttpAnswer>
  readonly WebSocket?: (new (url: string) => Socket) | undefined
  readonly BroadcastChannel?: (new (name: string) => Broadcast) | undefined
  readonly locks?: Locks | undefined
  /** Of the window: online, offline, visibilitychange, pagehide, pageshow, freeze, resume. */
  readonly addEventListener?:
    ((type: string, listener: (event: never) => void, options: { signal: AbortSignal }) => void) | undefined
  readonly isHidden: () => boolean
}

export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly cache: 'no-store'
  readonly signal: AbortSignal
}

/** A part of `Response`. */
export interface HttpAnswer {
  readonly ok: boolean
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body: {
    getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> }
  } | null
  json(): Promise<unknown>
}

/** A part of `WebSocket`. */
export interface Socket {
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  close(): void
  send(text: string): void
}

/** A part of `BroadcastChannel`. */
export interface Broadcast {
  onmessage: ((event: never) => void) | null
  postMessage(message: unknown): void
  close(): void
}

/** A part of `LockManager`. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal: AbortSignal } | { readonly steal: true },
    hold: () => Promise<void>,
  ): Promise<unknown>
}

/** What the global object offers, taken at the time of the call. */
export function surroundings(): Environment {
  const here = globalThis as unknown as Partial<Environment> & {
    readonly navigator?: { readonly locks?: Locks }
    readonly document?: { readonly hidden: boolean }
  }
  return {
    now: steadyClock(() => performance.now(), Date.now),
    wallClock: Date.now,
    random: Math.random,
    setTimeout: (callback, waitMs) => setTimeout(callback, waitMs),
    clearTimeout: (timer) => clearTimeout(timer),
    fetch: (url, init) => fetch(url, init),
    WebSocket: here.WebSocket,
    BroadcastChannel: here.BroadcastChannel,
    locks: here.navigator?.locks,
    addEventListener: here.addEventListener?.bind(globalThis),
    isHidden: () => here.document?.hidden === true,
  }
}
