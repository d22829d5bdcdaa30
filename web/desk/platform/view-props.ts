import type { ApiClient, Session } from './api-client.ts'
import type { DeskFeed } from './desk-feed.ts'

/** Every view gets these. */
export interface PersonViewProps {
  readonly api: ApiClient
  readonly session: Session
}

/** Views of a feed get the one that is chosen at the head of the desk, too. */
export interface ViewProps extends PersonViewProps {
  readonly feed: DeskFeed
}
