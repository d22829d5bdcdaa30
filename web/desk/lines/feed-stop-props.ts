import type { FeedTitle } from '../../sdk/types.ts'
import type { ApiClient } from '../platform/api-client.ts'

export interface FeedStopProps {
  readonly api: ApiClient
  readonly feed: FeedTitle
}
