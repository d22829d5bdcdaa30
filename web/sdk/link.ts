import type { LinkEnd } from './connection-state.ts'
import type { Frame } from './read-frame.ts'

/** Opens one connection. What it hears after `close` concerns nobody. Errors: where it cannot even begin. */
export type Dial = (address: Address, take: Take) => Link

export interface Address {
  /** Of the feed: `https://news.example/v1/feeds/en`. */
  readonly url: string
  /** The filters, and `after` where there is a position. */
  readonly query: string
}

export type Take = (heard: Frame | ({ readonly type: 'close' } & LinkEnd)) => void

export interface Link {
  close(): void
  /** Only where the transport goes both ways. */
  send?(text: string): void
}
