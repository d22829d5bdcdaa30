import { useQuery } from '@tanstack/react-query'
import type { FeedTitle } from '../../sdk/types.ts'
import { readable, readFeedTitle, record } from '../../sdk/read-frame.ts'
import type { ApiClient, Session } from '../platform/api-client.ts'
import { listedStatuses, type DeskHeadline } from './headline.ts'

interface Page {
  readonly headlines: readonly DeskHeadline[]
}

/** The feeds in which the person has a role. */
export function useFeeds(api: ApiClient, { roles = {} }: Session): readonly FeedTitle[] | undefined {
  const { data } = useQuery({
    queryKey: ['feeds'],
    queryFn: async () => readable(record(await api.read('/v1/feeds')).feeds, readFeedTitle),
  })
  return data?.filter(({ id }) => '*' in roles || id in roles)
}

/** Headlines that wait, are held or need a look; a message of the desk's stream asks for them again. */
export function useHeadlines(api: ApiClient, feed: string): readonly DeskHeadline[] | undefined {
  const { data } = useQuery({
    queryKey: ['headlines', feed],
    queryFn: async () => {
      const path = `/v1/feeds/${feed}/headlines?limit=100`
      const [listed, marked, approvals] = await Promise.all([
        api.read<Page>(`${path}&status=${listedStatuses.join()}`),
        api.read<Page>(`${path}&attention=true`),
        api.read<{ approvals: readonly { kind: string; feed?: string; id?: string }[] }>('/v1/approvals'),
      ])
      const all = new Map([...listed.headlines, ...marked.headlines].map((line) => [line.id, line]))
      // A correction that waits for a second person belongs to a headline that is out.
      for (const { kind, feed: where, id } of approvals.approvals)
        if (kind === 'headline' && where === feed && id !== undefined && !all.has(id))
          all.set(id, await api.read<DeskHeadline>(`/v1/feeds/${feed}/headlines/${id}`))
      return [...all.values()]
    },
  })
  return data
}
