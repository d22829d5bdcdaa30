import type { LinkEnd } from './connection-state.ts'
import type { Frame } from './read-frame.ts'

/**
 * Opens one connection. Frames after `close` are ignored by the caller. Errors: if the connection cannot be started.
 */
export type Dial = (address: Address, take: Take) => Link

export interface Address {
  /** The feed's URL: `https://news.example/v1/feeds/en`. */
  readonly url: string
  /** The filters, and `after` if there is a position. */
  readonly query: string
}

export type Take = (heard: Frame | ({ readonly type: 'close' } & LinkEnd)) => void

export interface Link {
  close(): void
  /** Present only if the transport can send. */
  send?(text: string): void
}
