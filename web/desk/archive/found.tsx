import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { RefusedError, type ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { ExportLinks } from './export-links.tsx'
import { queryOf, type Filter } from './filter.ts'
import { FoundLine, type FoundHeadline } from './found-line.tsx'

export interface FoundProps {
  readonly api: ApiClient
  readonly feed: FeedTitle
  readonly filter: Filter
}

interface Page {
  readonly headlines: readonly FoundHeadline[]
  readonly next?: string
  readonly searched?: 'recent'
}

/** The lines that fit, newest first, page by page. */
export function Found({ api, feed, filter }: FoundProps) {
  const query = queryOf(filter)
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: ['archive', feed.id, query.toString()],
    queryFn: ({ pageParam }) => {
      const page = new URLSearchParams(query)
      page.set('limit', '50')
      if (pageParam !== undefined) page.set('cursor', pageParam)
      return api.read<Page>(`/v1/feeds/${feed.id}/headlines?${page}`)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  })
  const lines = data?.pages.flatMap(({ headlines }) => headlines) ?? []
  return (
    <>
      <Fault refusal={error instanceof RefusedError ? error.refusal : undefined} />
      {data?.pages.some(({ searched }) => searched === 'recent') && (
        <p className="fault" role="alert">
          <FormattedMessage id="archive.recent" />
        </p>
      )}
      <p role="status">
        {data && (
          <FormattedMessage
            id={hasNextPage ? 'archive.countMore' : 'archive.count'}
            values={{ count: lines.length }}
          />
        )}
      </p>
      <ExportLinks feed={feed.id} query={query} />
      <ol className="rows" data-found>
        {lines.map((line) => (
          <FoundLine key={line.id} feed={feed} line={line} />
        ))}
      </ol>
      {hasNextPage && (
        <Button variant="default" loading={isFetching} onClick={() => void fetchNextPage()}>
          <FormattedMessage id="archive.more" />
        </Button>
      )}
    </>
  )
}
