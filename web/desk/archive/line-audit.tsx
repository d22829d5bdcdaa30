import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { FormattedMessage } from 'react-intl'
import { RefusedError, type ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { AuditTable } from './audit-table.tsx'
import { readLineAudit } from './read-line-audit.ts'

export interface LineAuditProps {
  readonly api: ApiClient
  readonly feed: string
  readonly id: string
}

/** The audit of one line, newest first, with the acts of the service on it. */
export function LineAudit({ api, feed, id }: LineAuditProps) {
  const path = `/v1/feeds/${feed}/audit`
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: ['audit', path, id],
    queryFn: ({ pageParam }) => readLineAudit(api, path, { id, after: pageParam }),
    initialPageParam: 0,
    getNextPageParam: ({ through }) => through,
  })
  return (
    <>
      <p className="view-links">
        <a href={`#/archive/${id}`}>
          <FormattedMessage id="archive.line" />
        </a>
        <a href="#/audit">
          <FormattedMessage id="audit.all" />
        </a>
      </p>
      <Fault refusal={error instanceof RefusedError ? error.refusal : undefined} />
      {data && (
        <AuditTable
          caption="audit.scope.line"
          entries={data.pages.flatMap((page) => page.entries).reverse()}
          linksTo={undefined}
        />
      )}
      {hasNextPage && (
        <Button variant="default" loading={isFetching} onClick={() => void fetchNextPage()}>
          <FormattedMessage id="audit.later" />
        </Button>
      )}
    </>
  )
}
