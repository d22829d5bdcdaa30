import { useQuery, useQueryClient } from '@tanstack/react-query'
import { readable, readFeedTitle, record } from '../../sdk/read-frame.ts'
import type { ApiClient, Session } from '../platform/api-client.ts'
import type { DeskFeed } from '../platform/desk-feed.ts'
import { readAgainAfter } from '../platform/read-again-after.ts'
import type { DeskHeadline } from './headline.ts'
import { listsKey, readLists } from './read-lists.ts'

/** The feeds in which the person has a role, drills too. */
export function useFeeds(api: ApiClient, { roles = {} }: Session): readonly DeskFeed[] | undefined {
  const { data } = useQuery({
    queryKey: ['feeds'],
    queryFn: async () => readable(record(await api.read('/v1/desk/feeds')).feeds, readDeskFeed),
  })
  return data?.filter(({ id }) => '*' in roles || id in roles)
}

function readDeskFeed(feed: unknown): DeskFeed {
  const isForPartners = record(feed).visibility === 'partners'
  return { ...readFeedTitle(feed), ...(isForPartners && { visibility: 'partners' }) }
}

/** A lost message and the flags of a story show at the latest then. */
const READ_AGAIN_MS = 60_000

export interface FeedLists {
  /** undefined while they are read for the first time. */
  readonly headlines: readonly DeskHeadline[] | undefined
  /** There are more lines than the page shows. */
  readonly hasMore: boolean
}

/** Headlines that wait, are held or need a look. The desk's stream names those that have changed. */
export function useHeadlines(api: ApiClient, feed: string): FeedLists {
  const queries = useQueryClient()
  const { data } = useQuery({
    queryKey: listsKey(feed),
    queryFn: () => readLists(api, queries, feed),
    refetchInterval: readAgainAfter(READ_AGAIN_MS),
  })
  return { headlines: data?.headlines, hasMore: data?.hasMore ?? false }
}
